"""``podium``: finds the command's module and runs it."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from podium.cli.terminal import plain
from podium.errors import PodiumError

COMMANDS = {
    "lsp": "serve an editor on standard input and output",
    "plan": "have a request planned",
    "check": "check plan documents, without an engine",
    "answer": "answer a question of a plan",
    "approve": "say yes to exactly what a plan says now",
    "reject": "send a plan back to the planner, with a reason",
    "start": "carry out an approved plan",
    "pause": "stop what is under way until it is resumed",
    "resume": "go on with what was paused or failed",
    "cancel": "stop a run, or planning, for good",
    "retry": "send a stopped task back to work",
    "status": "show every plan, task and cost",
    "findings": "list what reviewers have found",
    "fix": "have a finding fixed by a new task",
    "dismiss": "dismiss a finding, with a reason",
    "diff": "show what a run or a task has changed",
    "report": "show what a run did, with every verdict and its evidence",
    "merge": "merge a run into the branch that is checked out",
    "discard": "throw a run's result away",
    "engine": "run, look at or stop the engine of a workspace",
    "doctor": "find out what is missing on this machine",
    "trust": "let the workspace's own configuration count",
    "demo": "watch the whole way with scripted models",
}
"""Each command, whose module is `podium.cli.<command>`, in one line."""

_FAILED = 2
_INTERRUPTED = 130
_NOBODY_READS = 141
"""What a shell reports for a program that SIGPIPE ended."""


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
        status = int(module.run(parser.parse_args(given[1:])))
        sys.stdout.flush()
    except PodiumError as error:
        print(f"podium: {plain(str(error))}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # `podium report | head`: leave nothing for the interpreter to flush and complain about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return status


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
