"""The languages that are known without configuration, one row each, by the names that LSP has.

A grammar counts where its package is installed; `languages` of the configuration says which
servers judge a language instead, here or beyond these.
"""

from typing import NamedTuple


class KnownLanguage(NamedTuple):
    """What is known of a language."""

    extensions: tuple[str, ...]
    grammar: str
    """The tree-sitter grammar, as ``package.function``."""
    servers: tuple[tuple[str, ...], ...] = ()
    """Commands of language servers."""


LANGUAGES = {
    "python": KnownLanguage(
        (".py", ".pyi"), "tree_sitter_python.language", (("ruff", "server"), ("ty", "server"))
    ),
    "javascript": KnownLanguage((".js", ".mjs", ".cjs", ".jsx"), "tree_sitter_javascript.language"),
    "typescript": KnownLanguage((".ts", ".mts"), "tree_sitter_typescript.language_typescript"),
    "typescriptreact": KnownLanguage((".tsx",), "tree_sitter_typescript.language_tsx"),
    "go": KnownLanguage((".go",), "tree_sitter_go.language"),
    "rust": KnownLanguage((".rs",), "tree_sitter_rust.language"),
    "java": KnownLanguage((".java",), "tree_sitter_java.language"),
    "c": KnownLanguage((".c", ".h"), "tree_sitter_c.language"),
    "cpp": KnownLanguage((".cc", ".cpp", ".hpp"), "tree_sitter_cpp.language"),
    "csharp": KnownLanguage((".cs",), "tree_sitter_c_sharp.language"),
    "ruby": KnownLanguage((".rb",), "tree_sitter_ruby.language"),
    "php": KnownLanguage((".php",), "tree_sitter_php.language_php"),
    "shellscript": KnownLanguage((".sh",), "tree_sitter_bash.language"),
    "json": KnownLanguage((".json",), "tree_sitter_json.language"),
    "css": KnownLanguage((".css",), "tree_sitter_css.language"),
    "html": KnownLanguage((".html",), "tree_sitter_html.language"),
    "lua": KnownLanguage((".lua",), "tree_sitter_lua.language"),
    "toml": KnownLanguage((".toml",), "tree_sitter_toml.language"),
    "yaml": KnownLanguage((".yaml", ".yml"), "tree_sitter_yaml.language"),
}
