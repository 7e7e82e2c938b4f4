"""Find lines in files.

A model may send a pattern that Python's `re` never finishes, and a thread cannot be stopped.
So patterns are matched by `matching.py` in a process of its own, which knows no path and no
secret, gets the files' text over its stdin, and is ended after `PATTERN_TIMEOUT_S`.  A grep in
the sandbox would need a sandbox for merely reading, and know other patterns on each system.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, TypeAdapter

from podium.document.lines import split_lines
from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.tools import matching
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

PATTERN_TIMEOUT_S = 10.0
MAX_CHARACTERS = 32_000_000
MAX_MATCHES = 100
MAX_LINE = 300

_MATCHES: TypeAdapter[list[tuple[str, int, str]]] = TypeAdapter(list[tuple[str, int, str]])


class Search(Frozen):
    """Input of ``search``."""

    text: str = Field(min_length=1, max_length=500)
    glob: str = ""
    regex: bool = False
    ignore_case: bool = False


async def search(args: Search, ctx: ToolContext) -> str:
    """Return the lines that match as `path:line: text`, bounded."""
    files, is_cut = await asyncio.to_thread(_read, args, ctx)
    if args.regex:
        found = await _match_pattern(args, files)
    else:
        found = await asyncio.to_thread(lambda: list(_match_text(args, files)))
    lines = [f"{path}:{number}: {line}" for path, number, line in found[:MAX_MATCHES]]
    if len(found) > MAX_MATCHES:
        lines.append(f"[more than {MAX_MATCHES} lines match; use a longer text or `glob`]")
    if is_cut:
        lines.append("[not every file was searched: there are too many; use `glob`]")
    return "\n".join(lines) or "no line matches"


def _read(args: Search, ctx: ToolContext) -> tuple[list[tuple[str, str]], bool]:
    """Return paths and texts; what is not text is passed by."""
    listing = ctx.tree.glob(args.glob) if args.glob else ctx.tree.walk()
    files: list[tuple[str, str]] = []
    n_characters = 0
    for path in listing.paths:
        try:
            text = ctx.tree.read_text(path)
        except ToolRetry:
            continue
        n_characters += len(text)
        if n_characters > MAX_CHARACTERS:
            return files, True
        files.append((path, text))
    return files, listing.cut


def _match_text(args: Search, files: list[tuple[str, str]]) -> Iterator[tuple[str, int, str]]:
    wanted = args.text.casefold() if args.ignore_case else args.text
    n_found = 0
    for path, text in files:
        if wanted not in (text.casefold() if args.ignore_case else text):
            continue
        for number, line in enumerate(split_lines(text), 1):
            if wanted in (line.casefold() if args.ignore_case else line):
                yield path, number, line.strip()[:MAX_LINE]
                n_found += 1
                if n_found > MAX_MATCHES:
                    return


async def _match_pattern(args: Search, files: list[tuple[str, str]]) -> list[tuple[str, int, str]]:
    lines = [(path, split_lines(text)) for path, text in files]
    wanted = {
        "pattern": args.text,
        "ignore_case": args.ignore_case,
        "max_matches": MAX_MATCHES + 1,
        "max_line": MAX_LINE,
        "files": lines,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        str(Path(matching.__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={},
    )
    try:
        async with asyncio.timeout(PATTERN_TIMEOUT_S):
            output, complaint = await process.communicate(json.dumps(wanted).encode())
    except TimeoutError:
        message = "this pattern takes too long; use a simpler one, or a literal text"
        raise ToolRetry(message) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        reason = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        message = f"this pattern cannot be used: {reason or 'it takes too much memory'}"
        raise ToolRetry(message)
    return _MATCHES.validate_json(output)


SEARCH = Tool(name="search", input=Search, reach=Reach.READS, run=search)
