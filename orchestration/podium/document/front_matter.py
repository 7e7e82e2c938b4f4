"""The document's front matter: ``key: value`` lines, nothing more of YAML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from podium.document.problem import Fix, Problem, error, warning
from podium.document.spans import Edit, Span
from podium.domain.plan import Route

FORMAT = "1"
"""The version of the grammar that this Podium reads and writes."""
KEYS = ("podium", "route")
ROUTES = tuple(route.value for route in Route)


@dataclass(slots=True)
class FrontMatter:
    """What the front matter says."""

    route: Route = Route.STANDARD
    values: dict[str, Span] = field(default_factory=dict[str, Span])
    """Where the value of each known key stands."""
    problems: list[Problem] = field(default_factory=list[Problem])


def read_front_matter(lines: Sequence[str], last: int) -> FrontMatter:
    """Read the front matter in ``lines[0:last]``, its ``---`` included; ``last`` 0 means none."""
    found = FrontMatter()
    for number in range(1, last - 1):
        text = lines[number].strip(" \t")
        if not text or text.startswith("#"):
            continue
        key, colon, value = text.partition(":")
        span = _span(lines[number], text, number)
        if not colon:
            message = "front matter has only lines of the form 'key: value'; correct or remove it"
            found.problems.append(warning("front-matter", span, message))
            continue
        start = span.last_column - len(value.lstrip(" \t"))
        found.problems += _read_key(found, key.rstrip(" \t"), span, start)
        if found.values.get(key.rstrip(" \t")) == Span.on_line(number, start, span.last_column):
            found.problems += _read_value(found, key.rstrip(" \t"), value.strip(" \t\"'"))
    return found


def _read_key(found: FrontMatter, key: str, line: Span, start: int) -> Iterator[Problem]:
    span = Span.on_line(line.first_line, line.first_column, line.first_column + len(key))
    if key not in KEYS:
        near = get_close_matches(key, KEYS, n=1)
        fixes = [Fix(f"Change to {it!r}", (Edit(span, it),)) for it in near]
        message = f"there is no key {key!r}; known: {', '.join(KEYS)}"
        yield warning("unknown-key", span, message, *fixes)
    elif key in found.values:
        message = f"{key!r} is given twice and the first one counts; remove one"
        yield warning("repeated-key", span, message)
    else:
        found.values[key] = Span.on_line(line.first_line, start, line.last_column)


def _read_value(found: FrontMatter, key: str, value: str) -> Iterator[Problem]:
    span = found.values[key]
    if key == "podium" and value != FORMAT:
        message = f"this Podium reads plan format {FORMAT}, not {value!r}; upgrade Podium"
        yield error("unknown-format", span, message)
    if key == "route" and value not in ROUTES:
        near = get_close_matches(value, ROUTES, n=1)
        fixes = [Fix(f"Change to {it!r}", (Edit(span, it),)) for it in near]
        message = f"there is no route {value!r}; routes: {', '.join(ROUTES)}"
        yield error("unknown-route", span, message, *fixes)
    elif key == "route":
        found.route = Route(value)


def _span(line: str, text: str, number: int) -> Span:
    column = line.index(text)
    return Span.on_line(number, column, column + len(text))
