"""``podium.fixFinding`` and ``podium.dismissFinding``."""

from typing import TYPE_CHECKING

from podium.domain.request import Request
from podium_server.asking import ask
from podium_server.commands.subject import Arguments, call, needed, plan_in, text_of

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:
    """Have the finding fixed by a new task, or remember why it does not matter."""
    where = "put the cursor on the finding and take the code action there"
    finding = needed(arguments, "finding", where)
    plan = plan_in(session, arguments, lambda it: _has(it, finding))
    if name == "podium.fixFinding":
        await call(session, "finding/fix", plan=plan, finding=finding)
        return
    reason = text_of(arguments, "reason") or await ask(
        session,
        "Why does this finding not matter?",
        otherwise=f"say why with `podium dismiss {finding} --plan {plan} --reason '…'`",
    )
    if reason:
        await call(session, "finding/dismiss", plan=plan, finding=finding, reason=reason)


def _has(request: Request, finding: str) -> bool:
    return request.run is not None and any(it.id == finding for it in request.run.findings)
