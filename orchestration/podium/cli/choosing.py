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
    requests: Iterable[Request], named: str | None, line: str, fits: Callable[[Request], bool]
) -> Request:
    """Return the request that is meant: if none is named, the only one that fits, or that is.

    Args:
        requests: Those on the board.
        named: What the user wrote, if anything.
        line: The command, as ``podium retry T1``.
        fits: Whether a request comes into question when the user named none.

    Raises:
        UserError: There is none, or more than one.
    """
    known = tuple(requests)
    if named:
        return named_plan(known, named)
    fitting = [it for it in known if fits(it)]
    if len(fitting or known) == 1:
        return (fitting or known)[0]  # The only one says itself why it does not fit.
    if fitting:
        names = ", ".join(sorted(it.id for it in fitting))
        message = f"`{line}` can mean several plans; name one of {names}"
    else:
        states = ", ".join(f"{it.id} ({it.phase})" for it in known)
        message = f"`{line}` fits no plan now; {f'plans: {states}' if known else _NONE}"
    raise UserError(message)


def named_plan(requests: Iterable[Request], named: str) -> Request:
    """Return the request that the user has named.

    Raises:
        UserError: There is none.
    """
    known, name = {str(it.id): it for it in requests}, name_of(named)
    if name not in known:
        names = f"plans: {', '.join(sorted(known))}" if known else "make one with `podium plan`"
        why = f"`podium check {shlex.quote(name)}` says why, if there is a document"
        message = f"there is no plan {name!r} that can be read; {why}; {names}"
        raise UserError(message)
    return known[name]
