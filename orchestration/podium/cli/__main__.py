"""``podium``: finds the command's module and runs it; what humans command shares one."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from podium.domain.command_table import COMMANDS as HUMAN
from podium.domain.command_table import Verb
from podium.errors import PodiumError
from podium.text.plain import block

_OWN = frozenset({Verb.REQUEST, Verb.APPROVE})
"""What humans command by a module of its own; a request is made by ``podium plan``."""
_GROUPS = {
    "commands, in the order of a plan's life": {
        "plan": HUMAN[Verb.REQUEST].summary,
    }
    | {str(verb): it.summary for verb, it in HUMAN.items() if verb is not Verb.REQUEST},
    "to look at it": {
        "check": "check plan documents, without an engine",
        "status": "show every plan, task and cost",
        "findings": "list what reviewers have found",
        "diff": "show what a run or a task has changed",
        "report": "show what a run did, with every verdict and its evidence",
    },
    "on this machine": {
        "doctor": "find out what is missing on this machine",
        "key": "put a provider's key into this machine's keyring",
        "trust": "let the workspace's own configuration count",
        "engine": "look at, stop or be the background process of a workspace",
        "lsp": "serve an editor on standard input and output",
        "demo": "watch the whole way with scripted models, without a key",
    },
}
COMMANDS = {name: summary for group in _GROUPS.values() for name, summary in group.items()}
"""Each command in one line."""

_EPILOG = """\
Each takes --help. PLAN is a plan's name, or the path of its document.

exit status:
  0    done
  1    a check failed, a person said no, or what was waited for did not come
  2    wrong usage, or something is missing or refused; the message says what to do
  128  and more: ended by a signal, as 130 by Ctrl-C
"""
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
    if not given or given[0].startswith("-"):
        _parser().parse_args(given or ["--help"])  # Prints and exits, or leaves a bare ``--``.
        given = given[1:]
    if not given or given[0] not in COMMANDS:
        return _unknown(given[0] if given else "")
    module = import_module(f"podium.cli.{_module(given[0])}")
    parser = argparse.ArgumentParser(prog=f"podium {given[0]}", description=COMMANDS[given[0]])
    parser.set_defaults(command=given[0])
    module.add_arguments(parser)
    try:
        status = int(module.run(parser.parse_args(given[1:])))
        sys.stdout.flush()
    except PodiumError as error:
        print(f"podium: {block(str(error))}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # `podium report | head`: leave nothing for the interpreter to flush and complain about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return status


def _module(command: str) -> str:
    return "commanding" if command in {str(it) for it in HUMAN if it not in _OWN} else command


def _unknown(command: str) -> int:
    from difflib import get_close_matches  # noqa: PLC0415  # Only a typing mistake pays for it.

    near = " or ".join(repr(it) for it in get_close_matches(command, COMMANDS, n=2))
    meant = f"did you mean {near}? " if near else ""
    message = f"there is no command {command!r}; {meant}`podium --help` lists them"
    print(f"podium: {block(message)}", file=sys.stderr)
    return _FAILED


def _parser() -> argparse.ArgumentParser:
    lines = "\n\n".join(
        "\n".join((f"{title}:", *(f"  {name:<10} {it}" for name, it in group.items())))
        for title, group in _GROUPS.items()
    )
    parser = argparse.ArgumentParser(
        prog="podium",
        usage="podium COMMAND …",
        description=(
            f"Conducts AI coding agents: reviewed plans, isolated work, evidence.\n\n{lines}"
        ),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"podium {version('podium')}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
