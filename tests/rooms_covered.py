"""Print how much of each room the tests run, the least covered first: `poe coverage`."""

import json
import sys
from collections import Counter
from pathlib import Path, PurePath

ENOUGH = 80


def main(report: Path) -> None:
    """Print a line for each room of a report by ``coverage json``; name those below `ENOUGH`."""
    lines, covered = Counter[str](), Counter[str]()
    for path, measured in json.loads(report.read_text())["files"].items():
        room = str(PurePath(*PurePath(path).parts[1:3]).with_suffix(""))
        summary = measured["summary"]
        lines[room] += summary["num_statements"] + summary["num_branches"]
        covered[room] += summary["covered_lines"] + summary["covered_branches"]
    percent = {it: 100 * covered[it] / lines[it] for it in lines if lines[it]}
    for room, part in sorted(percent.items(), key=lambda it: it[1]):
        sys.stdout.write(f"{part:5.1f} %  {room}\n")
    low = [room for room, part in percent.items() if part < ENOUGH]
    sys.stdout.write(f"below {ENOUGH} %: {', '.join(low) or 'none'}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
