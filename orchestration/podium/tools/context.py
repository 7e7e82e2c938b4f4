"""What a tool may use, and what it leaves for the loop to see."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from podium.domain.base import Frozen
from podium.domain.events.progress import Todo
from podium.domain.paths import covers, path_trouble, plain_path
from podium.errors import ToolRetry
from podium.sandbox.port import Completed
from podium.workspace.protected import is_protected
from podium.workspace.tree import Tree


class Mode(Enum):
    """Why a tool runs now."""

    LIVE = auto()
    RESUMING = auto()
    """A crash may have carried out this very call without its result being saved."""
    REMEMBERING = auto()
    """The call succeeded before a crash: take its effect on `AgentState` over, check nothing."""


@dataclass
class AgentState:
    """What an agent has said of itself; a resumed loop rebuilds it from the transcript.

    ``submission`` or ``escalation`` ends the loop.  ``n_refused`` counts by tool.
    """

    todos: tuple[Todo, ...] = ()
    notes: tuple[str, ...] = ()
    submission: Frozen | None = None
    escalation: str = ""
    n_refused: Counter[str] = field(default_factory=Counter[str])
    mode: Mode = Mode.LIVE

    def begin_anew(self) -> None:
        """Take its end back, because it was told something that it did not know then."""
        self.submission, self.escalation = None, ""
        self.n_refused.clear()

    @property
    def open_todos(self) -> tuple[str, ...]:
        """The texts of the todos that are not done."""
        return tuple(it.text for it in self.todos if not it.done)


async def _nothing_to_say(_: object) -> str:
    return ""


async def _no_servers(paths: Sequence[str]) -> str:
    return f"unknown: no language server looks at {', '.join(paths)} here"


async def _unreported(_: tuple[Todo, ...]) -> None:
    return


async def _no_commands(command: str, timeout_s: float) -> Completed:
    message = f"no command can be run here: {command!r} was not started ({timeout_s:g} s)"
    raise ToolRetry(message)


@dataclass(frozen=True)
class ToolContext:
    """One agent's hands: its tree and what the job lets it do there.

    Args:
        tree: The only files that tools see.
        allowed_files: What may be edited where it is not protected, as `domain.paths` has it.
        categories: What a plan's tasks may be of; empty: whatever.
        run_command: Runs a shell command in the sandbox; arguments are the command and seconds.
        after_edit: Says what an edit of this path broke; empty when nothing.
        diagnose: Says what language servers find in these paths; empty when they find nothing.
        report_todos: Tells the board of the agent's list, whole.
    """

    tree: Tree
    allowed_files: tuple[str, ...] = (".",)
    categories: tuple[str, ...] = ()
    run_command: Callable[[str, float], Awaitable[Completed]] = _no_commands
    after_edit: Callable[[str], Awaitable[str]] = _nothing_to_say
    diagnose: Callable[[Sequence[str]], Awaitable[str]] = _no_servers
    report_todos: Callable[[tuple[Todo, ...]], Awaitable[None]] = _unreported
    state: AgentState = field(default_factory=AgentState)

    def editable(self, path: str) -> str:
        """Return ``path`` in its plain form.

        Raises:
            ToolRetry: It is no path of the workspace, protected, or not one of the task's.
        """
        plain = plain_path(path)
        if reason := is_protected(plain):
            message = f"{path!r} is protected ({reason}); leave it as it is"
            raise ToolRetry(message)
        if trouble := path_trouble(path):
            message = f"{path!r} {trouble}"
            raise ToolRetry(message)
        if not any(covers(it, plain) for it in self.allowed_files):
            message = (
                f"{path!r} is not one of the task's files ({', '.join(self.allowed_files)}); "
                "do the task within them, or say why it needs this file with `replan`"
            )
            raise ToolRetry(message)
        return plain
