"""What really happened on the wire while litellm made a call.

litellm retries on its own, turns a cut stream into a finished one, reads a web page as an
empty answer, and wraps what went wrong in exceptions that differ by provider.  So Podium
does not judge a call by what litellm says about it: `Relay` is the transport under every
HTTP client that litellm makes, and hands each request to the `Watch` of the call it
belongs to, which sends it, follows the stream, and keeps the first thing that went wrong.

The call is known by a context variable; a request outside any call is refused, so litellm
reaches no network that nobody asked for.
"""

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus

import httpx

from podium.models.ends import AnswerTooLong, StreamScanner, scanner_for
from podium.models.failures import BadAnswer, CallFailed, ProviderDown
from podium.models.keys import Key
from podium.models.refusals import refusal

_current: ContextVar["Watch"] = ContextVar("podium_models_watch")


class Stopped(httpx.TransportError):
    """The watch has seen enough; the call's failure says why."""


class Relay(httpx.AsyncBaseTransport):
    """Hands a request to the watch of the call that makes it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, if it belongs to a call."""
        watch = _current.get(None)
        if watch is None:
            message = f"a request to {request.url.host!r} that belongs to no call"
            raise Stopped(message)
        return await watch.send(request)


class Watch:
    """One call to one model."""

    def __init__(
        self, client: httpx.AsyncClient, model: str, key: Key, on_progress: Callable[[], None]
    ) -> None:
        self.failure: CallFailed | None = None
        self._client, self._model, self._key = client, model, key
        self._on_progress = on_progress
        self._scanner: StreamScanner | None = None
        self._was_sent = False
        self._responses: list[httpx.Response] = []

    @contextmanager
    def attached(self) -> Generator[None]:
        """Be the watch of the current task, and of those that it starts, inside the context."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @property
    def was_used(self) -> bool:
        """Whether the call made a request at all."""
        return bool(self._responses) or self.failure is not None

    @property
    def was_taken(self) -> bool:
        """Whether the provider may be at work on the request, or was, for all that is known."""
        return self._was_sent and (self.failure is None or self.n_pieces > 0)

    @property
    def n_pieces(self) -> int:
        """Complete pieces of the answer that came."""
        return 0 if self._scanner is None else self._scanner.n_pieces

    @property
    def finished(self) -> bool:
        """Whether the provider said that the answer is whole."""
        return self._scanner is not None and self._scanner.finished

    async def aclose(self) -> None:
        """Close the connection of an answer that is not read to its end."""
        for response in self._responses:
            await response.aclose()

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request of this call.

        Raises:
            Stopped: It failed, or the call had failed before: litellm does not get to retry.
        """
        if self.failure is not None:
            raise Stopped(str(self.failure))
        # A compressed stream cannot be followed.
        request.headers["Accept-Encoding"] = "identity"
        self._was_sent = True
        try:
            response = await self._client.send(request, stream=True, follow_redirects=False)
        except httpx.HTTPError as error:
            raise self._stop(ProviderDown(self._model, _unreachable(request, error))) from None
        self._responses.append(response)
        self._on_progress()
        if response.status_code != HTTPStatus.OK:
            raise self._stop(await refusal(response, self._model, self._key))
        content_type = response.headers.get("content-type", "")
        self._scanner = scanner_for(content_type)
        if self._scanner is None:
            reason = f"answered with {content_type or 'no content type'!r} instead of a stream"
            raise self._stop(BadAnswer(self._model, reason))
        stream = _Followed(self.follow(response, self._scanner), response)
        return httpx.Response(
            HTTPStatus.OK, headers=response.headers, stream=stream, request=request
        )

    async def follow(
        self, response: httpx.Response, scanner: StreamScanner
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of an answer; raises `Stopped` when the connection breaks."""
        try:
            async for data in response.aiter_raw():
                before = scanner.n_pieces
                passed = scanner.feed(data)
                if scanner.n_pieces > before:
                    self._on_progress()
                yield passed
        except httpx.HTTPError:
            reason = "the connection broke in the middle of the answer"
            raise self._stop(BadAnswer(self._model, reason)) from None
        except AnswerTooLong:
            raise self._stop(BadAnswer(self._model, "the answer does not end")) from None

    def _stop(self, failure: CallFailed) -> Stopped:
        self.failure = failure
        return Stopped(str(failure))


class _Followed(httpx.AsyncByteStream):
    """An answer's bytes on their way to litellm."""

    def __init__(self, passed: AsyncIterator[bytes], response: httpx.Response) -> None:
        self._bytes = passed
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._bytes

    async def aclose(self) -> None:
        await self._response.aclose()


def _unreachable(request: httpx.Request, error: httpx.HTTPError) -> str:
    what = str(error) or type(error).__name__
    address = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return f"cannot reach {address}: {what}; check the network, and `api_base` if you set it"
