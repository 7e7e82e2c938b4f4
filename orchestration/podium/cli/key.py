"""``podium key``: a provider's key into the machine's keyring, where the engine finds it."""

import argparse
import getpass
import sys

from podium.cli.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the provider; the key itself never stands on a command line."""
    parser.add_argument("provider", metavar="PROVIDER", help="as in a model's name: anthropic")
    parser.add_argument("--remove", action="store_true", help="take the key out again")


def run(args: argparse.Namespace) -> int:
    """Store a key that is typed unseen, or comes on standard input, or remove it.

    Returns:
        0, or 1 when none was given.
    """
    from podium.models.keys import forget_key, store_key  # noqa: PLC0415  # As few imports as can be.

    provider: str = args.provider
    if args.remove:
        forget_key(provider)
        say(f"the keyring no longer has a key for {provider}")
        return 0
    value = _typed(provider).strip()
    if not value:
        say("nothing was changed")
        return 1
    store_key(provider, value)
    say(f"the keyring now has a key for {provider}; `podium doctor` shows what is found")
    return 0


def _typed(provider: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    try:
        return getpass.getpass(f"key of {provider} (not shown): ")
    except EOFError:
        return ""
