"""Skills: folders with a `SKILL.md` whose front matter names them.

Looked for in the repository (`.podium/skills`, `.claude/skills`) and then in the user's own
folder; the first of a name counts.  Only the text of the skills that a task asks for is loaded.
"""

from collections.abc import Iterator, Sequence

from podium.document.lines import split_lines
from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.text.models import fenced
from podium.workspace.tree import Tree

FOLDERS = (".podium/skills", ".claude/skills")
MAX_CHARACTERS = 8_000
MAX_FOLDERS = 200


class Skill(Frozen):
    """One skill; ``path`` is where its text is."""

    name: str
    path: str
    text: str


class Skills(Frozen):
    """The skills that were asked for: those found, and the names of those that are not there."""

    found: tuple[Skill, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a worker is told."""
        shown = [
            fenced(f"skill {it.name} from {it.path}", it.text, MAX_CHARACTERS, f"read {it.path}")
            for it in self.found
        ]
        if self.missing:
            shown.append(f"Not installed, do without: {', '.join(self.missing)}")
        return "\n\n".join(shown)


def load_skills(names: Sequence[str], repository: Tree, users: Tree | None = None) -> Skills:
    """Return the skills of these names.

    Args:
        names: As front matter, or the folder where that has none, names them.
        repository: The worktree.
        users: The user's own folder of skill folders, if there is one.
    """
    if not names:
        return Skills()
    known: dict[str, Skill] = {}
    for skill in _all(repository, users):
        known.setdefault(skill.name, skill)
    wanted = tuple(dict.fromkeys(names))
    return Skills(
        found=tuple(known[it] for it in wanted if it in known),
        missing=tuple(it for it in wanted if it not in known),
    )


def _all(repository: Tree, users: Tree | None) -> Iterator[Skill]:
    for folder in FOLDERS:
        yield from _in(repository, folder)
    if users is not None:
        yield from _in(users, ".")


def _in(tree: Tree, folder: str) -> Iterator[Skill]:
    if not tree.is_directory(folder):
        return
    for name in tree.list(folder).paths[:MAX_FOLDERS]:
        path = f"{folder}/{name}SKILL.md".removeprefix("./")
        if name.endswith("/") and tree.exists(path):
            try:
                text = tree.read_text(path)
            except ToolRetry:  # Not text: as good as not there.
                continue
            named, body = _front_matter(text)
            yield Skill(name=named or name.removesuffix("/"), path=path, text=body)


def _front_matter(text: str) -> tuple[str, str]:
    """Return the name that front matter gives, if any, and the text behind it."""
    lines = split_lines(text.removeprefix("\ufeff"))
    if lines[0].rstrip() != "---" or "---" not in (ends := [it.rstrip() for it in lines[1:]]):
        return "", text
    end = ends.index("---") + 1
    named = (it.removeprefix("name:") for it in lines[1:end] if it.startswith("name:"))
    name = next(named, "").partition(" #")[0].strip().strip("\"'")
    return name, "\n".join(lines[end + 1 :])
