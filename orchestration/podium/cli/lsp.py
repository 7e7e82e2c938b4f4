"""``podium lsp``."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what editors append by habit."""
    parser.add_argument("--stdio", action="store_true", help="the default and the only way")


def run(args: argparse.Namespace) -> int:  # noqa: ARG001  # There is nothing to choose.
    """Serve one editor until it leaves."""
    from podium_server.__main__ import main  # noqa: PLC0415  # Only this command pays for it.

    return main()
