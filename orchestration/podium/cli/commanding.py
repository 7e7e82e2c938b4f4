"""The commands of `podium.domain.commands` that need no module of their own: most of them."""

import argparse
from typing import NamedTuple

from podium.cli.choosing import add_plan, choose_plan, named_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import confirm, say
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.command_table import COMMANDS, Verb
from podium.domain.commands import command, method_of
from podium.domain.request import Request
from podium.errors import UserError
from podium.text.plain import one_line

_TARGETS = {
    "question": "its id, as Q1",
    "task": "as T1",
    "finding": "its id, or how it begins",
}
_SURE = {Verb.DISCARD: "Throw away what the run of {plan} has changed?"}
"""What a human is asked before it is done."""
_THEN = {
    Verb.START: "; watch it with: podium status --watch",
    Verb.PAUSE: "; go on with: podium resume",
    Verb.MERGE: " as {commit:.12}",
    Verb.DISCARD: "; its report stays: podium report {plan}",
}
"""What is said after what was done, with what the engine has answered."""


class _Meant(NamedTuple):
    """What a command line is about."""

    request: Request
    target: str = ""
    title: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the command is about, and what a human must say with it."""
    verb = Verb(parser.get_default("command"))
    kind = COMMANDS[verb]
    if kind.has_target:
        parser.add_argument(kind.about, metavar=kind.about.upper(), help=_TARGETS[kind.about])
    if kind.text == "reason":
        parser.add_argument("--reason", required=True, help=kind.ask)
    elif kind.text:
        parser.add_argument(kind.text, metavar=kind.text.upper(), help=kind.ask)
    add_plan(parser, option=kind.has_target)
    if verb in _SURE:
        parser.add_argument("--yes", action="store_true", help="do not ask")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Command it, and say what was done.

    Returns:
        0, or 1 when the human said no.
    """
    verb, workspace = Verb(args.command), find_workspace(args)
    kind = COMMANDS[verb]
    meant = _meant(ask_engine(workspace, get_requests), verb, args)
    plan = meant.request.id
    refusal = command(meant.request, verb, meant.target).why_not
    if refusal:
        raise UserError(refusal)
    if verb in _SURE and not confirm(_SURE[verb].format(plan=plan), yes=args.yes):
        say("nothing was changed")
        return 1
    about: dict[str, str] = {"plan": plan}
    if kind.has_target:
        about[kind.about] = meant.target
    if kind.text:
        about[kind.text] = getattr(args, kind.text)
    answer = ask_engine(workspace, lambda client: client.call(method_of(verb), **about))
    done = kind.done.format(plan=plan, target=meant.target)
    say(done + _THEN.get(verb, "").format(plan=plan, **answer) + meant.title)
    return 0


def _meant(requests: tuple[Request, ...], verb: Verb, args: argparse.Namespace) -> _Meant:
    about = COMMANDS[verb].about
    if about != "finding":
        target = str(getattr(args, about, ""))
        line = f"podium {verb} {target}".strip()

        def fits(request: Request) -> bool:
            return command(request, verb, target).is_allowed

        return _Meant(choose_plan(requests, args.plan, line, fits), target)
    if args.plan:
        requests = (named_plan(requests, args.plan),)
    found = [
        _Meant(request, it.id, f": {one_line(it.title)}")
        for request in requests
        for it in (request.run.findings if request.run else ())
        if args.finding and it.id.startswith(args.finding)
    ]
    if len(found) != 1:
        how_many = f"{len(found)} findings begin" if found else "no finding begins"
        message = f"{how_many} with {args.finding!r}; `podium findings --all` lists them"
        raise UserError(message)
    return found[0]
