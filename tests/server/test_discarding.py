"""Discard throws finished work away, so it asks first: over LSP, with a real engine."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from lsp_editor import LspEditor, editor, until
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pytest_lsp import client_capabilities
from walking import PLAN, planned, podium, until_offered

pytestmark = pytest.mark.usefixtures("engine")
QUESTION = re.compile(
    r"Throw away what run slugs-1-[0-9a-f]{6} has changed \(1 of 1 task done, \$0\.00 spent\)\?"
)


class Person:
    """Answers what the editor asks, and keeps what that was."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[types.ShowMessageRequestParams] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    @property
    def handlers(self) -> dict[str, Any]:
        async def answer(
            _ls: object, params: types.ShowMessageRequestParams
        ) -> types.MessageActionItem | None:
            self.asked.append(params)
            await self.may_answer.wait()
            title = self.answers.pop(0)
            return types.MessageActionItem(title) if title else None

        return {types.WINDOW_SHOW_MESSAGE_REQUEST: answer}


def refuse(_ls: object, _params: types.ShowMessageRequestParams) -> None:
    raise JsonRpcMethodNotFound


async def finished(it: LspEditor) -> types.Command:
    """Have a plan carried out; return its lens *Discard…*."""
    await planned(it)
    await it.do(await until_offered(it, "Approve"))
    return await until_offered(it, "Discard…")


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0", "emacs"])
async def test_discard_asks_what_would_be_lost_and_only_a_yes_discards(
    client: str, root: Path, env: dict[str, str]
) -> None:
    person = Person("Keep", None, "Discard")
    async with editor(root, client_capabilities(client), env, person.handlers) as it:
        discard = await finished(it)
        for n_asked in (1, 2):
            await it.do(discard)
            assert len(person.asked) == n_asked
            assert "Discard…" in await it.lenses(PLAN)
            assert "awaiting-merge" in it.codes(PLAN)
        await it.do(discard)
        await until(lambda: "awaiting-merge" not in it.codes(PLAN))
        assert "Discard…" not in await it.lenses(PLAN)
    (question,) = {asked.message for asked in person.asked}
    assert QUESTION.fullmatch(question)
    assert [action.title for action in person.asked[0].actions or ()] == ["Discard", "Keep"]


async def test_an_editor_that_cannot_ask_keeps_the_work_and_names_the_shell(
    root: Path, env: dict[str, str]
) -> None:
    handlers = {types.WINDOW_SHOW_MESSAGE_REQUEST: refuse}
    async with editor(root, client_capabilities("emacs"), env, handlers) as it:
        await it.do(await finished(it))
        assert "podium discard slugs" in it.messages[-1]
        assert "awaiting-merge" in it.codes(PLAN)


async def test_a_yes_to_what_has_changed_meanwhile_discards_nothing(
    root: Path, env: dict[str, str]
) -> None:
    person = Person("Discard")
    async with editor(root, client_capabilities("emacs"), env, person.handlers) as it:
        discard = await finished(it)
        person.may_answer.clear()
        doing = asyncio.create_task(it.do(discard))
        await until(lambda: person.asked)
        await podium(root, env, "merge", "slugs")
        await until(lambda: it.codes(PLAN) == [])
        person.may_answer.set()
        await doing
        assert "not what it was when you were asked" in it.messages[-1]
