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


def replace_keeping_request(text: str, plan: Plan) -> str:
    """Return the document ``text`` saying ``plan``.

    Kept byte for byte: the user's request, the review log, sections the grammar does not know,
    text outside the grammar, unknown front matter, and every section that says already what the
    plan says.  The plan's own request is used only if the document has none.
    """
    old = parse(plan.id, text).plan
    text = _put_route(text, plan.route)
    text = _put_title(text, one_line(plan.title))
    for key in ORDER:
        if key in _KEPT or (key is SectionKey.REQUEST and old.request):
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
