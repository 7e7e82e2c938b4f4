"""The whole way from the shell, over a real engine and scripted models."""

import json
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from cli.shell import Said, Shell
from podium.demo.scripted_process import serve_in_process
from podium.demo.stage import CONFIGURATION, KEY, KEY_VARIABLE

SCENARIO = Path(__file__).with_name("shell_scenario.toml")


@pytest.fixture
async def walker(shell: Shell) -> AsyncGenerator[Shell]:
    """A shell whose models are scripted."""
    async with serve_in_process(SCENARIO) as url:
        shell.write("../config/podium/config.toml", CONFIGURATION.format(url=url, key=KEY_VARIABLE))
        it = Shell(shell.root, {**shell.env, KEY_VARIABLE: KEY})
        yield it
        it("engine", "stop")


def test_from_a_sentence_to_a_merge(walker: Shell) -> None:
    planned = done(walker("plan", "Greet people by name.", "--wait"))
    path = planned.out.splitlines()[0]
    assert path == ".podium/plans/greet-people-by-name.md"
    assert "# Greet by name" in (walker.root / path).read_text()
    assert walker("check", path).status == 0

    assert "cannot start: nobody approved it" in walker("start", path).complaint
    approved = done(walker("approve", "--yes", "--start"))
    assert "T1  Take a name" in approved.out
    assert "accept  python3 -c" in approved.out
    request = wait_for(walker, "awaiting merge")
    assert request["run"]["tasks"]["T1"]["phase"] == "done"
    assert "Take a name" in done(walker("status")).out

    finding = done(walker("findings", "--json")).json()[0]
    assert finding["title"] == "An f-string reads better"
    assert "evidence: return 'hello ' + name" in done(walker("findings")).out
    done(walker("dismiss", finding["id"][:6], "--reason", "taste"))
    assert done(walker("findings")).out == "no open findings\n"
    assert "dismissed: taste" in done(walker("findings", "--all")).out

    patch = done(walker("diff")).out
    assert "+    return 'hello ' + name" in patch
    (walker.root.parent / "it.patch").write_text(patch)
    walker.git("apply", "--check", str(walker.root.parent / "it.patch"))
    assert "# Greet by name" in done(walker("report")).out

    text = (walker.root / path).read_text()
    walker.write(path, text.replace("People are greeted", "Nobody is greeted"))
    assert "has another text; undo the edit, or cancel or" in walker("approve").complaint
    walker.write(path, text)
    assert "approve what its run carries out" in walker("merge").complaint
    done(walker("approve", "--yes"))

    walker.write("greeting.py", "# mine\n")
    refused = walker("merge")
    assert refused.status == 2
    assert "greeting.py" in refused.complaint
    walker.git("checkout", "--quiet", "--", "greeting.py")
    done(walker("merge"))
    assert walker.git("log", "-1", "--format=%s") == "Greet by name"
    assert "hello ' + name" in (walker.root / "greeting.py").read_text()
    assert "is done; only a run that awaits its merge" in walker("merge").complaint


def test_a_plan_that_is_edited_is_not_approved_unread(walker: Shell) -> None:
    document = ".podium/plans/greet-people.md"
    walker.write(document, "## Request\n\nGreet people.\n")
    path = walker.root / done(walker("plan", document, "--wait")).out.strip()
    assert path == walker.root / document
    assert "there is no terminal to answer on; agree with --yes" in walker("approve").complaint
    assert walker("approve", "nothing").status == 2
    text = path.read_text()
    path.write_text(text.replace("greeting.py", "nowhere.py"))
    assert "before its errors are corrected:\n  line " in walker("approve").complaint
    path.write_text(text)
    done(walker("approve", "--yes"))
    path.write_text(path.read_text().replace("People are greeted", "Nobody is greeted"))
    refused = walker("start", "greet-people")
    assert refused.status == 2
    assert "edited after its approval" in refused.complaint
    assert done(walker("engine", "status", "--json")).json()["running"] is True


def done(said: Said) -> Said:
    assert said.status == 0, said.out + said.complaint
    return said


def wait_for(walker: Shell, phase: str) -> dict[str, Any]:
    """Return the only request when it is in that phase."""
    deadline = time.monotonic() + 90
    while True:
        request: dict[str, Any] = done(walker("status", "--json")).json()["requests"][0]
        if request["phase"] == phase:
            return request
        assert time.monotonic() < deadline, json.dumps(request, indent=1)[:4000]
        time.sleep(0.3)
