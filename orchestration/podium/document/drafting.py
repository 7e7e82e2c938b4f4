"""Puts a drafted plan into the document that asked for it."""

from podium.document.editing import put_section, remove_section
from podium.document.escaping import one_line
from podium.document.front_matter import read_front_matter
from podium.document.lines import newline_of, split_lines
from podium.document.outline import outline_of
from podium.document.parsing import parse
from podium.document.rendering import front_matter, section_body
from podium.document.sections import ORDER, SCOPE_PARTS, SectionKey
from podium.document.spans import Edit, Span, apply_edits
from podium.domain.plan import Plan, Route

_KEPT = frozenset({SectionKey.REVIEW_LOG}) | SCOPE_PARTS


def replace_keeping_request(text: str, plan: Plan, *, read: str) -> str:
    """Return the document ``text`` saying ``plan``, which was made of the document ``read``.

    Kept byte for byte: the user's request, the review log, sections the grammar does not know,
    text outside the grammar, unknown front matter, and every section that says already what the
    plan says.  The plan's own request is used only if the document has none.

    What somebody has changed since is kept, too: a title, a route and whole sections that are
    not what they were in ``read``.  So a draft that is in the document already is never put over
    what was made of it there.  A document that was emptied or removed is written anew.
    """
    old = parse(plan.id, text).plan
    if not text.strip():
        read = text
    before, typed = parse(plan.id, read).plan, _changed(read, text)
    text = _put_route(text, plan.route if old.route is before.route else old.route)
    if old.title == before.title:
        text = _put_title(text, one_line(plan.title))
    for key in ORDER:
        if key in _KEPT or (old.request if key is SectionKey.REQUEST else key in typed):
            continue
        body = section_body(plan, key)
        is_there = outline_of(split_lines(text)).section(key) is not None
        if is_there and body == section_body(old, key):
            continue
        if body or key in {SectionKey.REQUEST, SectionKey.TASKS}:
            text = put_section(text, key, body)
        elif is_there:
            text = remove_section(text, key)
    return text


def _changed(one: str, other: str) -> frozenset[SectionKey]:
    """Return the sections that are not the same in two documents, but for space at their ends."""
    bodies, others = _bodies(one), _bodies(other)
    return frozenset(it for it in ORDER if bodies.get(it, "") != others.get(it, ""))


def _bodies(text: str) -> dict[SectionKey, str]:
    lines = split_lines(text)
    return {
        it.key: "\n".join(line.rstrip() for line in lines[it.first_line : it.last_line]).strip()
        for it in outline_of(lines).sections
        if it.key is not None and not it.is_repeated
    }


def _put_route(text: str, route: Route) -> str:
    lines = split_lines(text)
    outline = outline_of(lines)
    newline = newline_of(text)
    if outline.front_matter is None:
        head = newline.join([*front_matter(route), "", ""])
        return apply_edits(text, [Edit(Span.at(0, 0), head)])
    found = read_front_matter(lines, outline.front_matter[1])
    span = found.values.get("route")
    if span is None:
        return apply_edits(text, [Edit(Span.at(1, 0), f"route: {route}{newline}")])
    return text if found.route is route else apply_edits(text, [Edit(span, route)])


def _put_title(text: str, title: str) -> str:
    lines = split_lines(text)
    outline = outline_of(lines)
    if not title:
        return text
    if outline.title is not None:
        return apply_edits(text, [Edit(outline.title, title)])
    line = outline.front_matter[1] if outline.front_matter else 0
    newline = newline_of(text)
    after = "" if line < len(lines) and not lines[line].strip(" \t") else newline
    return apply_edits(text, [Edit(Span.at(line, 0), f"{newline}# {title}{newline}{after}")])
