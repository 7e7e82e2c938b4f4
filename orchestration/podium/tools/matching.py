"""Match a pattern against lines: a program that `search` starts, and ends when it takes too long.

It reads one JSON object from stdin and writes a list of (path, line number, line) to stdout.
Nothing but the standard library is imported, so that it starts in milliseconds.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator

MAX_MEMORY_BYTES = 1_500_000_000


def matches(wanted: dict[str, object]) -> Iterator[tuple[str, int, str]]:
    """Yield the lines that match, in order, at most ``max_matches``."""
    pattern = re.compile(str(wanted["pattern"]), re.IGNORECASE if wanted["ignore_case"] else 0)
    left, max_line = int(str(wanted["max_matches"])), int(str(wanted["max_line"]))
    files: list[tuple[str, list[str]]] = wanted["files"]  # pyright: ignore[reportAssignmentType]  # JSON that `search` wrote
    for path, lines in files:
        for number, line in enumerate(lines, 1):
            if pattern.search(line):
                yield path, number, line.strip()[:max_line]
                left -= 1
                if not left:
                    return


def main() -> int:
    """Answer one request; a bad pattern is said on stderr."""
    if sys.platform == "linux":  # macOS refuses to set it.
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        found = list(matches(json.load(sys.stdin)))
    except (re.error, OverflowError) as error:
        sys.stderr.write(str(error))
        return 1
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
