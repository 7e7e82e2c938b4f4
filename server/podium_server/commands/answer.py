"""``podium.answer``: answer an open question of a plan."""

from typing import TYPE_CHECKING

from podium.domain.plan import Question
from podium.errors import UserError
from podium_server.asking import ask
from podium_server.commands.subject import Arguments, call, plan_in, text_of

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Write the answer into the plan."""
    plan = plan_in(session, arguments, lambda it: bool(it.unanswered))
    request = session.board.request(plan)
    question = _asked(text_of(arguments, "question"), request.unanswered if request else ())
    text = text_of(arguments, "answer") or await ask(
        session,
        f"{question.id} {question.text}",
        options=question.options,
        otherwise=f"write the answer after 'answer:' below {question.id} in the plan",
    )
    if text:
        await call(session, "question/answer", plan=plan, question=question.id, answer=text)


def _asked(name: str, unanswered: tuple[Question, ...]) -> Question:
    found = [it for it in unanswered if not name or it.id == name]
    if name and not found:
        message = f"no open question is called {name!r}; open: {_ids(unanswered)}"
        raise UserError(message)
    if len(found) != 1:
        message = f"say which question you answer; open: {_ids(unanswered)}"
        raise UserError(message)
    return found[0]


def _ids(questions: tuple[Question, ...]) -> str:
    return ", ".join(it.id for it in questions) or "none"
