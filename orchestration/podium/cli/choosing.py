"""Which plan a command means."""

import argparse
import shlex
from collections.abc import Callable, Iterable

from podium.domain.request import Request
from podium.errors import UserError

_NONE = "there is none yet; make one with `podium plan`"


def add_plan(parser: argparse.ArgumentParser, *, option: bool = False) -> None:
    """Take a plan's name or path, as the last argument or as ``--plan``."""
    text = "a plan's name or its document; may be left out when only one comes into question"
    if option:
        parser.add_argument("--plan", metavar="PLAN", help=text)
    else:
        parser.add_argument("plan", nargs="?", metavar="PLAN", help=text)


def name_of(named: str) -> str:
    """Return the plan's name in what the user wrote: a name, or a path of its document."""
    return named.rpartition("/")[2].removesuffix(".md")


def choose_plan(
    requests: Iterable[Request], named: str | None, fits: Callable[[Request], bool], what: str
) -> Request:
    """Return the request that is meant.

    Args:
        requests: Those on the board.
        named: What the user wrote, if anything.
        fits: Whether a request comes into question when the user named none.
        what: What would be done with it, as ``be approved``.

    Raises:
        UserError: There is none, or more than one.
    """
    known = {it.id: it for it in requests}
    if named:
        found = next((it for name, it in known.items() if name == name_of(named)), None)
        if found is None:
            name = name_of(named)
            names = f"plans: {', '.join(sorted(known))}" if known else "make one with `podium plan`"
            why = f"`podium check {shlex.quote(name)}` says why, if there is a document"
            message = f"there is no plan {name!r} that can be read; {why}; {names}"
            raise UserError(message)
        return found
    fitting = [it for it in known.values() if fits(it)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        states = ", ".join(f"{it.id} ({it.phase})" for it in known.values())
        message = f"no plan can {what} now; {f'plans: {states}' if known else _NONE}"
    else:
        names = ", ".join(sorted(it.id for it in fitting))
        message = f"several plans can {what}; name one of {names}"
    raise UserError(message)
