"""``podium.reject``: say no to a plan, and why; the planner tries again."""

from typing import TYPE_CHECKING

from podium.domain.request import Phase
from podium_server.asking import ask
from podium_server.commands.subject import Arguments, call, plan_in, text_of

if TYPE_CHECKING:
    from podium_server.session import EditorSession

_HOW = (
    "say why with `podium reject PLAN --reason '…'`, "
    "or write what is wrong into the plan's Request section and plan it again"
)
_WAITING = frozenset({Phase.AWAITING_APPROVAL, Phase.APPROVED})


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Send the plan back."""
    plan = plan_in(session, arguments, lambda it: it.phase in _WAITING)
    reason = text_of(arguments, "reason") or await ask(
        session, f"What is wrong with the plan {plan}?", otherwise=_HOW
    )
    if reason:
        await call(session, "plan/reject", plan=plan, reason=reason)
