"""``podium approve``: a human's yes to exactly what is shown."""

import argparse
import getpass
from pathlib import Path

from podium.cli.choosing import add_plan, choose_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import confirm, say
from podium.cli.workspace import add_workspace, find_workspace
from podium.document import intent_hash, parse
from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.plan import Plan
from podium.domain.request import Request
from podium.engine.plan_files import PlanFiles, path_of
from podium.errors import UserError
from podium.protocol.client import EngineClient
from podium.text.plain import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--start", action="store_true", help="start it, too")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Show a plan, and approve exactly that text.

    Returns:
        0, or 1 when the human said no.
    """
    workspace = find_workspace(args)

    async def looking(client: EngineClient) -> tuple[Request, str]:
        requests = await get_requests(client)
        request = choose_plan(requests, args.plan, "podium approve", _fits)
        return request, (await client.call("plan/check", plan=request.id))["why_not"]

    request, why_not = ask_engine(workspace, looking)
    if why_not:
        raise UserError(why_not)
    text = _read(workspace, request)
    shown = intent_hash(text)
    _show(parse(request.id, text).plan, request, shown)
    if not confirm("Approve exactly this?", yes=args.yes):
        say("nothing was approved")
        return 1

    async def asking(client: EngineClient) -> None:
        # The engine refuses when it knows another text by now, as one unsaved in an editor.
        await client.call("plan/approve", plan=request.id, hash=shown, by=getpass.getuser())
        if args.start:
            await client.call("run/start", plan=request.id)

    ask_engine(workspace, asking)
    more = " and started; watch it: podium status --watch" if args.start else "; go: podium start"
    say(f"{request.id} is approved{more}")
    return 0


def _fits(request: Request) -> bool:
    return command(request, Verb.APPROVE).is_allowed


def _read(workspace: Path, request: Request) -> str:
    text = PlanFiles(workspace).read(request.id)
    if text is None:
        message = f"{path_of(request.id)!r} is gone; put it back, for example from git"
        raise UserError(message)
    return text


def _show(plan: Plan, request: Request, shown: str) -> None:
    say(one_line(plan.title or request.id))
    if plan.objective:
        say(f"  {one_line(plan.objective, 400)}")
    for task in plan.tasks:
        after = f" (after {', '.join(task.after)})" if task.after else ""
        say(f"  {task.id}  {one_line(task.title)}{after}")
        say(f"      files   {', '.join(one_line(it.path) for it in task.files)}")
        for it in task.accept:
            say(f"      accept  {one_line(it)}")
    say(f"  {path_of(request.id)}, text {shown[:12]}")
