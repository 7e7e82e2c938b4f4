"""Syntax errors as tree-sitter sees them, for files that no language server is configured for.

A grammar recovers from errors and goes on, so there may be several for one mistake, and
it may stumble over what a preprocessor would have removed: compare with what was there.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tree_sitter import Node, Parser

from podium.errors import ToolRetry
from podium.languages.diagnosis import CodeDiagnostic, Diagnosis, DiagnosticSeverity
from podium.languages.grammars import grammar_of
from podium.workspace.tree import Tree

MAX_ERRORS = 50
"""Of one file."""
SOURCE = "tree-sitter"


def diagnose_syntax(tree: Path, paths: Sequence[str]) -> Diagnosis:
    """Return the syntax errors of ``paths``; a file without an installed grammar has none."""
    return Diagnosis.joined(_diagnose_file(Tree(tree), path) for path in dict.fromkeys(paths))


def syntax_errors(path: str, text: str) -> tuple[CodeDiagnostic, ...]:
    """Return the first syntax errors of a file's text."""
    grammar = grammar_of(path)
    if grammar is None:
        return ()
    source = text.encode()
    root = Parser(grammar).parse(source).root_node
    return tuple(
        CodeDiagnostic(
            path=path,
            line=node.start_point.row + 1,
            severity=DiagnosticSeverity.ERROR,
            code="missing" if node.is_missing else "syntax",
            message=_message(node, source),
            source=SOURCE,
        )
        for node in islice(_errors(root), MAX_ERRORS)
    )


def _diagnose_file(tree: Tree, path: str) -> Diagnosis:
    if grammar_of(path) is None:
        return Diagnosis()
    try:
        return Diagnosis(diagnostics=syntax_errors(path, tree.read_text(path)))
    except ToolRetry as error:
        return Diagnosis(unknown=(f"{SOURCE}: {error}",))


def _errors(root: Node) -> Iterator[Node]:
    """Yield the outermost nodes that are wrong, in order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting += reversed(node.children)


def _message(node: Node, source: bytes) -> str:
    if node.is_missing:
        return f"{node.type!r} is missing"
    near = source[node.start_byte : min(node.end_byte, node.start_byte + 160)]
    words = near.decode(errors="replace").split()
    return f"syntax error at {' '.join(words)[:60]!r}" if words else "syntax error"
