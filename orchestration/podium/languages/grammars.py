"""Which tree-sitter grammar reads which files; a grammar counts if its package is installed."""

import importlib
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType

from tree_sitter import Language

_BY_EXTENSION = {
    ".py": ("tree_sitter_python", "language"),
    ".pyi": ("tree_sitter_python", "language"),
    ".js": ("tree_sitter_javascript", "language"),
    ".mjs": ("tree_sitter_javascript", "language"),
    ".cjs": ("tree_sitter_javascript", "language"),
    ".jsx": ("tree_sitter_javascript", "language"),
    ".ts": ("tree_sitter_typescript", "language_typescript"),
    ".mts": ("tree_sitter_typescript", "language_typescript"),
    ".tsx": ("tree_sitter_typescript", "language_tsx"),
    ".go": ("tree_sitter_go", "language"),
    ".rs": ("tree_sitter_rust", "language"),
    ".java": ("tree_sitter_java", "language"),
    ".c": ("tree_sitter_c", "language"),
    ".h": ("tree_sitter_c", "language"),
    ".cc": ("tree_sitter_cpp", "language"),
    ".cpp": ("tree_sitter_cpp", "language"),
    ".hpp": ("tree_sitter_cpp", "language"),
    ".cs": ("tree_sitter_c_sharp", "language"),
    ".rb": ("tree_sitter_ruby", "language"),
    ".php": ("tree_sitter_php", "language_php"),
    ".sh": ("tree_sitter_bash", "language"),
    ".json": ("tree_sitter_json", "language"),
    ".css": ("tree_sitter_css", "language"),
    ".html": ("tree_sitter_html", "language"),
    ".lua": ("tree_sitter_lua", "language"),
    ".toml": ("tree_sitter_toml", "language"),
    ".yaml": ("tree_sitter_yaml", "language"),
    ".yml": ("tree_sitter_yaml", "language"),
}


def extension(path: str) -> str:
    """Return the end of a file's name from its last dot, as ``.py``; empty when there is none."""
    return PurePosixPath(path).suffix.lower()


def grammar_of(path: str) -> Language | None:
    """Return the grammar for a file, or `None` when there is none here."""
    known = _BY_EXTENSION.get(extension(path))
    return None if known is None else _load(*known)


@cache
def _load(module: str, function: str) -> Language | None:
    try:
        package: ModuleType = importlib.import_module(module)
    except ImportError:
        return None
    grammar: object = getattr(package, function)()
    return Language(grammar)
