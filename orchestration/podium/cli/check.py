"""``podium check``: plan documents without an engine."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from podium.cli.choosing import name_of
from podium.cli.terminal import say
from podium.cli.workspace import add_workspace, find_workspace
from podium.configuration import load
from podium.document import ProblemSeverity, WorkspaceFacts, checks, parse
from podium.document.problem import Problem
from podium.domain.base import PlanId
from podium.engine.plan_files import FOLDER, MAX_BYTES, path_of
from podium.errors import UserError
from podium.settings.trust import is_trusted
from podium.text.amounts import count

_FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plans."""
    parser.add_argument("plans", nargs="*", metavar="PLAN", help="names or paths; all by default")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong with plans, one line each.

    Returns:
        0, or 1 when a plan has an error.
    """
    workspace = find_workspace(args)
    configuration = load(workspace, trusted=is_trusted(workspace)).configuration
    facts = WorkspaceFacts(workspace, frozenset(configuration.categories))
    found: list[tuple[str, Problem]] = []
    paths = tuple(_paths(workspace, args.plans))
    for path in paths:
        document = parse(PlanId(path.stem), _read(path))
        shown = _shown(path, workspace)
        found += [(shown, it) for it in (*document.problems, *checks(document, facts))]
    if args.json:
        print(json.dumps([_entry(path, it) for path, it in found], indent=2))
    else:
        for path, it in found:
            say(_line(path, it))
        n_errors = sum(it.severity is ProblemSeverity.ERROR for _, it in found)
        others = count(len(found) - n_errors, "other remark")
        checked = f"{count(n_errors, 'error')}, {others}" if paths else f"no plans in {FOLDER}"
        print(checked, file=sys.stderr)
    return _FAILED if any(it.severity is ProblemSeverity.ERROR for _, it in found) else 0


def _paths(workspace: Path, named: list[str]) -> Iterator[Path]:
    if not named:
        yield from sorted((workspace / FOLDER).glob("*.md"))
        return
    for it in named:
        given = Path(it)
        yield given if given.is_file() else workspace / path_of(PlanId(name_of(it)))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        message = f"there is no plan {str(path)!r}; `podium check` without a name checks all"
        raise UserError(message) from None
    except OSError as error:
        message = f"cannot read the plan {str(path)!r}: {error.strerror}; name a file you can read"
        raise UserError(message) from None
    if len(content) > MAX_BYTES:
        message = f"the plan {str(path)!r} is larger than {MAX_BYTES:,} bytes; split it"
        raise UserError(message)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the plan {str(path)!r} is not UTF-8, see line {line}; save it as UTF-8"
        raise UserError(message) from None


def _shown(path: Path, workspace: Path) -> str:
    absolute = path.absolute()
    return str(absolute.relative_to(workspace) if absolute.is_relative_to(workspace) else path)


def _line(path: str, it: Problem) -> str:
    place = f"{path}:{it.span.first_line + 1}:{it.span.first_column + 1}"
    return f"{place} {it.severity}[{it.code}] {it.message}"


def _entry(path: str, it: Problem) -> dict[str, object]:
    return {
        "path": path,
        "line": it.span.first_line + 1,
        "column": it.span.first_column + 1,
        "severity": it.severity,
        "code": it.code,
        "message": it.message,
    }
