"""A checkout's own directory in what programs write of it, told as relative to the tree.

Two checkouts of one project lie in two directories, and both in the state directory: what
is said of a file in one of them is compared with what is said of it in the other, and
shown to people and models who know neither.
"""

import re
from collections.abc import Iterator
from pathlib import Path


class Roots:
    """Replaces directories that mean nothing elsewhere.

    Args:
        tree: A checkout; paths in it become relative, itself ``./``.
        private: The directory of a sandboxed process's own ``HOME`` and ``TMPDIR``, if known.
    """

    def __init__(self, tree: Path, private: Path | None = None) -> None:
        self._tree = _naming(tree)
        self._private = _naming(private) if private is not None else None

    def relative(self, text: str) -> str:
        """Return ``text`` with these directories replaced, however it writes them.

        As a path, with symbolic links resolved or not, or as a URI, escaped or not.
        """
        text = self._tree.sub(lambda found: "" if found["inside"] else "./", text)
        return self._private.sub("<private>/", text) if self._private else text


_SEPARATOR = r"(?:\\?/|%2[Ff])"


def _naming(directory: Path) -> re.Pattern[str]:
    """Return a pattern of a directory's path, with the separator behind it if there is one."""
    paths = sorted({str(directory), str(directory.resolve())}, key=len, reverse=True)
    names = "|".join("".join(_escapable(path)) for path in paths)
    more_of_the_name = r"[\w~+-]|\.\w|%(?!2[Ff])"
    return re.compile(
        rf"(?:file(?::|%3[Aa])(?:{_SEPARATOR}{{2}}(?:localhost)?)?)?(?:{names})(?!{more_of_the_name})"
        rf"(?:(?P<inside>{_SEPARATOR}(?=[^\s'\"`)\]}}>,;:]))|{_SEPARATOR})?"
    )


def _escapable(path: str) -> Iterator[str]:
    """Yield each character's pattern: as it is, or as a URI or JSON escapes it."""
    for character in path:
        if character == "/":
            yield _SEPARATOR
            continue
        escaped = "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogateescape"))
        yield rf"(?:{re.escape(character)}|(?i:{escaped}))"
