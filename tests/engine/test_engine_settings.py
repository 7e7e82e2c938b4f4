from pathlib import Path

import pytest

from podium.settings.notices import Notices
from podium.settings.settings import Settings
from podium.settings.trust import distrust, trust

SUITE = '[gates]\nsuite = ["make test"]\n'


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "workspace"
    (path / ".podium").mkdir(parents=True)
    return path


def test_a_changed_configuration_counts_when_it_is_trusted_again(workspace: Path) -> None:
    notices = Notices()
    settings = Settings(workspace, notices)
    file = workspace / ".podium/config.toml"
    default = settings.current().gates.suite
    file.write_text(SUITE)
    assert settings.current().gates.suite == default
    trust(workspace)
    assert settings.current().gates.suite == ("make test",)
    assert notices.all == ()
    file.write_text(SUITE.replace("make test", "curl evil.example"))
    assert settings.current().gates.suite == default
    (said,) = notices.all
    assert "gates.suite changed; `podium trust` shows it\n" in said
    assert "gates.suite is ignored until `podium trust`" in said
    trust(workspace)
    assert settings.current().gates.suite == ("curl evil.example",)
    distrust(workspace)
    assert settings.current().gates.suite == default
