"""The diagnostics gate: no error that was not there before, in the whole project."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from podium.domain.base import Frozen
from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict
from podium.errors import ToolRetry
from podium.gates.comparison import Lines, lines_of, new_errors
from podium.gates.context import GateContext
from podium.gates.wording import counted, end_of
from podium.languages import CodeDiagnostic, Diagnosis
from podium.workspace.tree import Tree

MAX_FILES = 2_000
"""Files of a project that are looked at; those that changed are among them."""
MAX_COMPLAINTS = 100


class Selection(Frozen):
    """The files that are looked at, of how many."""

    paths: tuple[str, ...]
    n_all: int


async def judge_diagnostics(ctx: GateContext) -> Verdict:
    """Judge whether servers find errors in the candidate that they do not find before it."""
    await ctx.restore()
    selection = await asyncio.to_thread(_select, ctx)
    now = await ctx.servers.diagnose_afresh(ctx.tree, selection.paths)
    before = await _before(ctx, selection.paths) if any(_errors(now)) else Diagnosis()
    errors = await asyncio.to_thread(_new_errors, ctx, before, now)
    unknown = (*now.unknown, *before.unknown)
    complaints = tuple(_complaint(it) for it in errors[:MAX_COMPLAINTS])
    outcome, summary = _judged(errors, unknown, selection)
    return Verdict(
        gate=Gate.DIAGNOSTICS,
        outcome=outcome,
        tree=ctx.tree_hash,
        summary=summary,
        command="; ".join(ctx.servers.judges_of(selection.paths)),
        output=end_of("\n".join((*unknown, *map(_shown, errors)))),
        complaints=complaints,
    )


def _select(ctx: GateContext) -> Selection:
    """Return the changed files and then the others that anything can be said of."""
    tree = Tree(ctx.tree)
    present = [it.path for it in ctx.changed if it.status != "deleted"]
    changed = [path for path in present if ctx.servers.judges(path)]
    walked = (path for path in tree.walk().paths if ctx.servers.judges(path))
    paths = list(dict.fromkeys((*changed, *walked)))
    kept = changed + [it for it in paths[len(changed) : MAX_FILES] if _is_text(tree, it)]
    return Selection(paths=tuple(kept), n_all=len(paths))


def _is_text(tree: Tree, path: str) -> bool:
    """Whether an unchanged file can be shown to a server: some tests need one that cannot."""
    try:
        tree.read_text(path)
    except ToolRetry:
        return False
    return True


async def _before(ctx: GateContext, paths: Iterable[str]) -> Diagnosis:
    """Return what is said of the base tree: of the same files, and of those that are gone."""
    base = Tree(ctx.base_tree)
    gone = [it.path for it in ctx.changed if it.status == "deleted"]
    wanted = [it for it in (*paths, *gone) if ctx.servers.judges(it) and _is_text(base, it)]
    return await ctx.baseline.diagnosis(
        ctx.base_hash, wanted, lambda: ctx.servers.diagnose_afresh(ctx.base_tree, wanted)
    )


def _new_errors(ctx: GateContext, before: Diagnosis, now: Diagnosis) -> tuple[CodeDiagnostic, ...]:
    paths = {it.path for it in (*_errors(before), *_errors(now))}
    return new_errors(
        before.diagnostics,
        now.diagnostics,
        _lines(ctx.base_tree, paths),
        _lines(ctx.tree, paths),
    )


def _lines(root: Path, paths: Iterable[str]) -> Lines:
    tree = Tree(root)
    return {path: lines_of(tree.read_text(path)) for path in paths if _is_text(tree, path)}


def _errors(diagnosis: Diagnosis) -> Iterable[CodeDiagnostic]:
    return (it for it in diagnosis.diagnostics if it.is_error)


def _judged(
    errors: tuple[CodeDiagnostic, ...], unknown: tuple[str, ...], selection: Selection
) -> tuple[Outcome, str]:
    looked_at = counted(len(selection.paths), "file")
    if len(selection.paths) < selection.n_all:
        looked_at += f" of {selection.n_all:,}"
    if errors:
        return Outcome.FAILED, f"{counted(len(errors), 'new error')} in {looked_at}"
    if unknown:
        first, *others = unknown
        return Outcome.UNKNOWN, f"{first} (and {len(others)} more)" if others else first
    if not selection.paths:
        return Outcome.PASSED, "no file is of a language that a server or grammar here knows"
    return Outcome.PASSED, f"no new error in {looked_at}"


def _complaint(error: CodeDiagnostic) -> Complaint:
    place = Place(path=error.path, first_line=error.line, last_line=error.line)
    return Complaint(message=f"{_name(error)}: {error.message}", place=place)


def _shown(error: CodeDiagnostic) -> str:
    return f"{error.path}:{error.line}: {_name(error)}: {error.message}"


def _name(error: CodeDiagnostic) -> str:
    return f"{error.source} {error.code}".strip()
