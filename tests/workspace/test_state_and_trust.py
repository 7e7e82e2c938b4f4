import os
import stat
from pathlib import Path

import pytest

from podium.configuration import needing_trust
from podium.settings.trust import changed, distrust, is_trusted, trust, trust_file
from podium.workspace.protected import is_protected
from podium.workspace.state import StateError, socket_path, state_directory


def test_state_is_private_whatever_the_umask(tmp_path: Path) -> None:
    for umask in (0o000, 0o077, 0o777):
        workspace = tmp_path / f"w{umask}"
        workspace.mkdir()
        old = os.umask(umask)
        try:
            directory = state_directory(workspace)
        finally:
            os.umask(old)
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert directory.is_relative_to(os.environ["XDG_STATE_HOME"])


@pytest.mark.skipif(os.getuid() != 0, reason="not on this platform: root alone gives things away")
def test_a_directory_that_somebody_else_made_is_not_used(tmp_path: Path) -> None:
    directory = state_directory(tmp_path)
    os.chown(directory, 65534, -1)
    with pytest.raises(StateError, match="is not a directory of yours; remove it, or set XDG"):
        state_directory(tmp_path)


def test_one_workspace_has_one_state(tmp_path: Path) -> None:
    workspace, link, other = tmp_path / "w", tmp_path / "link", tmp_path / "other"
    workspace.mkdir()
    other.mkdir()
    link.symlink_to(workspace)
    assert state_directory(link) == state_directory(workspace) != state_directory(other)


def test_state_that_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    with pytest.raises(StateError, match=r"cannot keep state in .*; make it writable"):
        state_directory(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    directory = state_directory(tmp_path)
    directory.rmdir()
    directory.symlink_to(tmp_path)
    with pytest.raises(StateError, match="is not a directory of yours"):
        state_directory(tmp_path)


def test_a_socket_path_fits_into_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    runtime = tmp_path / "r"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    short = socket_path(tmp_path)
    if len(os.fsencode(state_directory(tmp_path))) <= 80:
        assert short.parent == state_directory(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ("long" * 30)))
    fallback = socket_path(tmp_path)
    assert fallback.parent == runtime / "podium"
    assert stat.S_IMODE(fallback.parent.stat().st_mode) == 0o700
    assert fallback == socket_path(tmp_path)


SUITE = '[gates]\nsuite = ["make test"]\n'


def configure(workspace: Path, text: str) -> None:
    (workspace / ".podium").mkdir(parents=True, exist_ok=True)
    (workspace / ".podium/config.toml").write_text(text)


def test_trust_is_given_and_taken_back(tmp_path: Path) -> None:
    workspace, other = tmp_path / "w", tmp_path / "other"
    for path in (workspace, other):
        configure(path, SUITE)
    assert not is_trusted(workspace)
    assert changed(workspace) is None
    trust(workspace)
    assert is_trusted(workspace)
    assert changed(workspace) is None
    assert not is_trusted(other)
    distrust(workspace)
    distrust(workspace)
    assert not is_trusted(workspace)


def test_where_there_is_no_place_for_state_nothing_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "occupied"))
    assert not is_trusted(tmp_path)


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        (SUITE, None),
        (f"# A comment.\n{SUITE}\n[roles]\nplanner = 'quick'\n", None),
        (SUITE.replace("make", "curl"), "gates.suite changed"),
        (f"{SUITE}suite_timeout_s = 5\n", "gates.suite_timeout_s is new"),
        (f"{SUITE}[sandbox]\nreadable = ['/srv']\n", "sandbox.readable is new"),
        ("[limits]\njobs = 3\n", "gates.suite is gone; limits.jobs is new"),
        (f"{SUITE}[providers.mine]\napi_base = 'https://evil.example'\n", "providers.mine is new"),
    ],
)
def test_trust_is_in_what_the_configuration_says(
    tmp_path: Path, text: str, differs: str | None
) -> None:
    configure(tmp_path, SUITE)
    trust(tmp_path)
    configure(tmp_path, text)
    assert is_trusted(tmp_path) == (differs is None)
    said = changed(tmp_path)
    assert said is None if differs is None else f"not what you trusted: {differs};" in str(said)
    configure(tmp_path, SUITE)
    assert is_trusted(tmp_path)


def test_what_was_not_shown_is_not_trusted(tmp_path: Path) -> None:
    configure(tmp_path, SUITE)
    shown = needing_trust(tmp_path)
    configure(tmp_path, SUITE.replace("make", "curl"))
    trust(tmp_path, shown)
    assert not is_trusted(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b"[]", b"null", b'["/", {"a": 1}]'])
def test_a_damaged_agreement_is_none(tmp_path: Path, content: bytes) -> None:
    configure(tmp_path, SUITE)
    trust(tmp_path)
    trust_file(tmp_path).write_bytes(content)
    assert not is_trusted(tmp_path)


def test_a_broken_configuration_is_not_trusted(tmp_path: Path) -> None:
    configure(tmp_path, SUITE)
    trust(tmp_path)
    configure(tmp_path, "[gates")
    assert not is_trusted(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "sub/.git",
        ".GIT/hooks/pre-commit",
        ".podium/plans/a.md",
        ".Podium/config.toml",
        "./.github//workflows/ci.yml",
        "pkg/.github/workflows/x.yml",
        ".gitlab-ci.yml",
        "Jenkinsfile",
        ".env",
        "deploy/.env.production",
        "certs/server.KEY",
        ".vscode/tasks.json",
        ".husky/pre-commit",
        "sub/.gitattributes",
    ],
)
def test_protected(path: str) -> None:
    assert is_protected(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/app.py",
        ".gitignore",
        ".github/CODEOWNERS",
        ".env.example",
        "podium/a.py",
        "git/x",
        "",
        ".",
    ],
)
def test_not_protected(path: str) -> None:
    assert is_protected(path) is None
