"""``podium``: finds the command's module and runs it."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from podium.errors import PodiumError

COMMANDS = {
    "lsp": "serve an editor on standard input and output",
}
"""Each command, whose module is `podium.cli.<command>`, in one line."""

_FAILED = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit status: 0 done, 1 a check failed, 2 usage or environment.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] not in COMMANDS:
        _parser().parse_args(given or ["--help"])  # Prints and exits: nothing else is known.
        return _FAILED
    module = import_module(f"podium.cli.{given[0]}")
    parser = argparse.ArgumentParser(prog=f"podium {given[0]}", description=COMMANDS[given[0]])
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(given[1:])))
    except PodiumError as error:
        print(f"podium: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<10} {summary}" for name, summary in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="podium",
        description="Conducts AI coding agents: reviewed plans, isolated work, evidence.",
        epilog=f"commands:\n{lines}\n\n'podium COMMAND --help' tells more of one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"podium {version('podium')}")
    parser.add_argument("command", metavar="COMMAND", choices=COMMANDS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
