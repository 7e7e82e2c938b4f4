"""Which tree-sitter grammar reads which files; a grammar counts if its package is installed."""

import importlib
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType

from tree_sitter import Language

from podium.configuration.languages import LANGUAGES

_BY_EXTENSION = {end: it.grammar for it in LANGUAGES.values() for end in it.extensions}


def extension(path: str) -> str:
    """Return the end of a file's name from its last dot, as ``.py``; empty when there is none."""
    return PurePosixPath(path).suffix.lower()


def grammar_of(path: str) -> Language | None:
    """Return the grammar for a file, or `None` if none is installed."""
    known = _BY_EXTENSION.get(extension(path))
    return None if known is None else _load(known)


@cache
def _load(grammar: str) -> Language | None:
    module, _, function = grammar.partition(".")
    try:
        package: ModuleType = importlib.import_module(module)
    except ImportError:
        return None
    pointer: object = getattr(package, function)()
    return Language(pointer)
