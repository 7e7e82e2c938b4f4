"""`EngineCalls` as JSON: method and parameters in a frame, and the answer in another.

Everything is read off the protocol's annotations, so a call that does not serialise fails here.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, cast, get_type_hints

from pydantic import TypeAdapter

from podium.jobs.port import EngineCalls
from podium.protocol.wire import Params, Peer

Adapter = TypeAdapter[Any]


class Form(NamedTuple):
    """How one call's parameters and its answer are written."""

    parameters: dict[str, Adapter]
    rest: str | None
    answer: Adapter


def _form(name: str) -> Form:
    function = getattr(EngineCalls, name)
    hints = get_type_hints(function, include_extras=True)
    answer = hints.pop("return")
    kinds = {it.name: it.kind for it in inspect.signature(function).parameters.values()}
    rest = next((it for it in hints if kinds[it] is inspect.Parameter.VAR_POSITIONAL), None)
    if rest:
        hints[rest] = tuple[hints[rest], ...]
    return Form({key: TypeAdapter(it) for key, it in hints.items()}, rest, TypeAdapter(answer))


FORMS = {it: _form(it) for it in dir(EngineCalls) if not it.startswith("_")}


async def answer(engine: EngineCalls, method: str, params: Params) -> object:
    """Answer what a job in another process asks of ``engine``."""
    form = FORMS[method]
    given = {key: form.parameters[key].validate_python(it) for key, it in params.items()}
    rest = given.pop(form.rest, ()) if form.rest else ()
    said = await getattr(engine, method)(*rest, **given)
    return form.answer.dump_python(said, mode="json")


class _Remote:
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        form = FORMS[name]

        async def call(*args: object, **kwargs: object) -> object:
            named = kwargs | _by_name(form, args)
            params = {
                key: form.parameters[key].dump_python(it, mode="json") for key, it in named.items()
            }
            return form.answer.validate_python(await self._peer.call(name, params))

        return call


def _by_name(form: Form, args: tuple[object, ...]) -> dict[str, object]:
    if form.rest:
        return {form.rest: args}
    return dict(zip(form.parameters, args, strict=False))


def remote(peer: Peer) -> EngineCalls:
    """Return the engine at the other end of a connection."""
    return cast("EngineCalls", _Remote(peer))
