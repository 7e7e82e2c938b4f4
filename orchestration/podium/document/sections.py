"""The sections of a plan document: their names, their order, what kind of text they hold."""

from enum import StrEnum


class SectionKey(StrEnum):
    """A section that the grammar knows, in the order of a document."""

    REQUEST = "Request"
    OBJECTIVE = "Objective"
    REQUIREMENTS = "Requirements"
    SCOPE = "Scope"
    MUST = "Must"
    MUST_NOT = "Must not"
    QUESTIONS = "Open questions"
    IMPACT = "Impact"
    TASKS = "Tasks"
    TEST_STRATEGY = "Test strategy"
    REVIEW_LOG = "Review log"
    DECISIONS = "Decisions"

    @property
    def level(self) -> int:
        """How many ``#`` its heading has."""
        return 3 if self in SCOPE_PARTS else 2


SCOPE_PARTS = frozenset({SectionKey.MUST, SectionKey.MUST_NOT})
LISTS = frozenset({SectionKey.REQUIREMENTS, SectionKey.QUESTIONS, SectionKey.TASKS, *SCOPE_PARTS})
"""Sections made of list items; every other one is free text, but Scope, which has only parts."""
ORDER = tuple(SectionKey)
_BY_NAME = {key.value.casefold(): key for key in SectionKey}


def section_key(name: str, level: int, *, in_scope: bool) -> SectionKey | None:
    """Return which section a heading opens, or ``None``: capitals do not matter."""
    key = _BY_NAME.get(name.casefold())
    if key is None or key.level != level or (key in SCOPE_PARTS and not in_scope):
        return None
    return key
