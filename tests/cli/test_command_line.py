"""What the command line says without an engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.shell import Shell
from podium.cli.__main__ import COMMANDS, main
from podium.cli.terminal import confirm, say
from podium.errors import UserError

PLAN = """\
## Request

Greet people by name.

## Tasks

- [ ] T1: Greet by name
  - files: `nowhere.py`
  - accept: `python3 -m unittest`
"""
HEAVY = ("pydantic", "litellm", "pygls", "rich", "aiohttp", "sqlite3", "asyncio")


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert f"podium {name}" in capsys.readouterr().out


@pytest.mark.imports
def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom podium.cli.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([it for it in {HEAVY!r} if it in sys.modules])\n"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("merg", "there is no command 'merg'; did you mean 'merge'? `podium --help` lists them"),
        ("", "there is no command ''; `podium --help` lists them"),
        ("\x1b[2J", "there is no command '\\x1b[2J'; `podium --help` lists them"),
    ],
    ids=["a typing mistake", "empty", "hostile"],
)
def test_an_unknown_command_is_a_usage_error(
    command: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().err == f"podium: {complaint}\n"


def test_check_says_where_and_what_is_wrong(shell: Shell) -> None:
    shell.write(".podium/plans/greet.md", PLAN)
    said = shell("check", "greet")
    assert said.status == 1
    lines = said.out.splitlines()
    assert any(
        it.startswith(".podium/plans/greet.md:8:13 error[") and "nowhere.py" in it for it in lines
    )
    by_path = shell("check", ".podium/plans/greet.md")
    assert by_path.out == said.out
    assert shell("check").out == said.out
    entries = shell("check", "--json").json()
    assert {it["line"] for it in entries if it["severity"] == "error"} == {8}


def test_check_of_a_sound_plan_succeeds_from_below_the_root(shell: Shell) -> None:
    shell.write(".podium/plans/greet.md", PLAN.replace("nowhere.py", "greeting.py"))
    below = shell.root / "below"
    below.mkdir()
    assert shell("check", "greet", cwd=below).status == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"# one\n# \xff\n", "is not UTF-8, see line 2; save it as UTF-8"),
        (None, "greet.md'; `podium check` without a name checks all"),
    ],
    ids=["not UTF-8", "not there"],
)
def test_a_plan_that_cannot_be_read(shell: Shell, content: bytes | None, complaint: str) -> None:
    if content is not None:
        shell.write(".podium/plans/greet.md", "")
        (shell.root / ".podium/plans/greet.md").write_bytes(content)
    said = shell("check", "greet")
    assert (said.status, said.out) == (2, "")
    assert complaint in said.complaint


def test_where_there_is_no_plan(shell: Shell) -> None:
    assert shell("check").complaint == "no plans in .podium/plans\n"
    said = shell("plan", ".podium/plans/typo.md")
    assert said.status == 2
    assert "'.podium/plans/typo.md' asks for nothing: write what you want" in said.complaint
    for words in (("approve", "--yes"), ("merge",), ("discard",), ("answer", "Q1", "yes")):
        said = shell(*words)
        assert (said.status, said.out) == (2, "")
        assert "there is none yet; make one with `podium plan`" in said.complaint
    assert "there is no plan 'nope' that can be read; " in shell("start", "nope").complaint
    assert "no finding begins with 'F'" in shell("fix", "F").complaint


def test_outside_a_repository(shell: Shell, tmp_path: Path) -> None:
    said = shell("status", cwd=tmp_path)
    assert said.status == 2
    assert "is not inside a Git repository" in said.complaint
    assert "Traceback" not in said.complaint


def test_in_a_bare_repository(shell: Shell, tmp_path: Path) -> None:
    shell.git("clone", "--quiet", "--bare", str(shell.root), str(tmp_path / "bare"))
    said = shell("status", cwd=tmp_path / "bare")
    assert said.status == 2
    assert "is a bare repository; open a clone of it that has files" in said.complaint


def test_a_broken_configuration_is_named_with_its_file(shell: Shell, tmp_path: Path) -> None:
    shell.write("../config/podium/config.toml", "[limits]\njobs = 0\n")
    said = shell("check")
    assert said.status == 2
    assert str(tmp_path / "config/podium/config.toml") in said.complaint
    assert "jobs" in said.complaint


def test_doctor_names_what_is_missing_and_shows_no_key(shell: Shell) -> None:
    said = shell("doctor", "--json")
    checks = {it["name"]: it for it in said.json()["checks"]}
    assert said.status == 1
    assert checks["git"]["status"] == "ok"
    assert "ANTHROPIC_API_KEY" in checks["key of anthropic"]["message"]
    assert checks["families"]["status"] == "error"
    assert checks["families"]["advice"].endswith("set the keys of two providers")
    with_keys = Shell(
        shell.root, {**shell.env, "ANTHROPIC_API_KEY": "sk-geheim", "OPENAI_API_KEY": "sk-geheim"}
    )
    said = with_keys("doctor")
    assert said.status == 0, said.out
    assert "geheim" not in said.out
    assert "the environment variable OPENAI_API_KEY" in said.out


KEYRING = """\
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1

    def _file(self, service, user):
        return Path(__file__).with_name(f"{service}-{user}")

    def set_password(self, service, user, password):
        self._file(service, user).write_text(password)

    def get_password(self, service, user):
        file = self._file(service, user)
        return file.read_text() if file.exists() else None

    def delete_password(self, service, user):
        self._file(service, user).unlink()
"""


def test_a_key_of_the_keyring_is_stored_found_and_removed(shell: Shell, tmp_path: Path) -> None:
    backends = tmp_path / "backends"
    backends.mkdir()
    (backends / "files.py").write_text(KEYRING)
    its = {"PYTHONPATH": str(backends), "PYTHON_KEYRING_BACKEND": "files.Keyring"}
    with_keyring = Shell(shell.root, {**shell.env, **its})
    said = with_keyring("key", "openai", text="sk-geheim-und-lang-genug\n")
    assert said.status == 0, said.complaint
    assert "geheim" not in said.out + said.complaint
    assert (backends / "podium-openai").read_text() == "sk-geheim-und-lang-genug"
    checks = {it["name"]: it for it in with_keyring("doctor", "--json").json()["checks"]}
    assert "the keyring" in checks["key of openai"]["message"]
    assert with_keyring("key", "openai", "--remove").status == 0
    assert not (backends / "podium-openai").exists()
    assert with_keyring("key", "openai", text="\n").status == 1


def test_a_machine_without_a_keyring_is_told_which_variable_to_set(shell: Shell) -> None:
    said = shell("key", "together_ai", text="sk-geheim-und-lang-genug\n")
    assert said.status == 2
    assert "set TOGETHERAI_API_KEY in the environment instead" in said.complaint
    assert "geheim" not in said.out + said.complaint


def test_doctor_runs_in_the_sandbox(shell: Shell) -> None:
    if sys.platform != "linux":
        pytest.skip("not on this platform: the sandbox is Linux's")
    checks = {it["name"]: it for it in shell("doctor", "--json").json()["checks"]}
    assert checks["sandbox"] == {
        "name": "sandbox",
        "status": "ok",
        "message": "runs commands, without a network",
    }


def test_trust_shows_what_it_changes_and_can_be_taken_back(shell: Shell) -> None:
    assert "needs trust" in shell("trust").out
    shell.write(".podium/config.toml", '[gates]\nsuite = ["make test"]\n')
    unasked = shell("trust")
    assert unasked.status == 2
    assert 'gates.suite = ["make test"]' in unasked.out
    assert shell("trust", "--yes").status == 0
    assert "trusted already" in shell("trust").out
    assert shell("trust", "--revoke").status == 0
    assert 'gates.suite = ["make test"]' in shell("trust", "--yes").out


def test_trust_ends_when_what_it_was_given_to_changes(shell: Shell) -> None:
    before = '[gates]\nsuite = ["make test"]\n[limits]\njobs = 3\n'
    shell.write(".podium/config.toml", before)
    assert shell("trust", "--yes").status == 0
    shell.write(
        ".podium/config.toml",
        '[gates]\nsuite = ["curl evil.example"]\n[sandbox]\nreadable = ["/\\u001b[2J"]\n',
    )
    said = doctor_says(shell, "configuration")
    for it in ("not what you trusted", "gates.suite changed", "sandbox.readable is new"):
        assert it in said
    assert "limits.jobs is gone" in said
    assert "gates.suite is ignored until `podium trust`" in said
    shown = shell("trust")
    assert shown.status == 2
    assert (
        'gates.suite = ["curl evil.example"]  # you trusted: ["make test"]\n'
        '  sandbox.readable = ["/\\u001b[2J"]  # this is new since you trusted it\n'
        "  # gone since you trusted it: limits.jobs = 3\n"
    ) in shown.out
    shell.write(".podium/config.toml", f"# A comment.\n{before}[roles]\nplanner = 'quick'\n")
    assert "trusted already" in shell("trust").out
    assert "ignored" not in doctor_says(shell, "configuration")


def doctor_says(shell: Shell, name: str) -> str:
    checks = {it["name"]: it for it in shell("doctor", "--json").json()["checks"]}
    return checks[name]["message"]


def test_no_engine_runs(shell: Shell) -> None:
    said = shell("engine", "status")
    assert said.status == 1
    assert "no engine runs for" in said.out
    assert shell("engine", "status", "--json").json() == {"running": False}


def test_what_others_wrote_cannot_drive_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say("\x1b[2Jred\u202egnirts\ttab")
    assert capsys.readouterr().out == "�[2Jred�gnirts\ttab\n"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return ""

    monkeypatch.setattr("builtins.input", answer)
    assert not confirm("Trust /home/\x1b[2J?", yes=False)
    assert asked == ["Trust /home/�[2J? [y/N] "]


@pytest.mark.parametrize(
    ("answer", "expected"), [("y", True), ("Yes ", True), ("", False), ("no", False)]
)
def test_only_a_yes_is_a_yes(
    monkeypatch: pytest.MonkeyPatch, answer: str, *, expected: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def asked(_question: str) -> str:
        return answer

    monkeypatch.setattr("builtins.input", asked)
    assert confirm("Sure?", yes=False) is expected


def test_nobody_to_ask_is_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(UserError, match="agree with --yes"):
        confirm("Sure?", yes=False)
    assert confirm("Sure?", yes=True)
