"""``exit``."""

from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: object) -> None:  # noqa: ARG001  # ``exit`` has none.
    """End the process."""
    ls.leave()
