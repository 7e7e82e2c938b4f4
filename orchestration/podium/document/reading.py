"""The items of a document's sections: each is read by itself and remembered by its text.

So a keystroke costs one pass over the lines and the item that it is in, whatever it changes.
"""

from collections.abc import Callable, Sequence
from types import MappingProxyType

from podium.document.document import Node, node_of
from podium.document.entries import (
    MAX_ITEM_CHARACTERS,
    Entry,
    read_question,
    read_requirement,
    read_scope_item,
    read_task,
)
from podium.document.outline import Outline
from podium.document.sections import SectionKey

_READERS: MappingProxyType[SectionKey, Callable[[str], Entry]] = MappingProxyType(
    {
        SectionKey.TASKS: read_task,
        SectionKey.REQUIREMENTS: read_requirement,
        SectionKey.QUESTIONS: read_question,
        SectionKey.MUST: read_scope_item,
        SectionKey.MUST_NOT: read_scope_item,
    }
)


def read_items(lines: Sequence[str], outline: Outline) -> dict[SectionKey, list[Node]]:
    """Return the items of each section that has any."""
    items: dict[SectionKey, list[Node]] = {}
    for key, read in _READERS.items():
        section = outline.section(key)
        if section is not None:
            items[key] = [_read_item(lines, read, *it) for it in section.items]
    return items


def _read_item(lines: Sequence[str], read: Callable[[str], Entry], first: int, last: int) -> Node:
    chunk = "\n".join(lines[first:last])
    if len(chunk) > MAX_ITEM_CHARACTERS:
        return node_of(read(lines[first][:MAX_ITEM_CHARACTERS]), first, is_cut=True)
    return node_of(read(chunk), first)
