"""A server that misbehaves is not believed, and spoils no more than its own answer."""

import shlex
from pathlib import Path

import pytest

from languages.plain_servers import HASTE, PATIENCE, Launcher, ServersOf, scripted
from podium.languages import Diagnosis


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("good\nBAD 1\n")
    return tmp_path


def shown(diagnosis: Diagnosis) -> list[str]:
    return [f"{it.path}:{it.line}: {it.message}" for it in diagnosis.diagnostics]


@pytest.mark.parametrize(
    "behaviour",
    [
        "publishes",
        "publishes twice",
        "publishes without versions",
        "publishes escaped URIs",
        "registers later",
        "dies when first asked",
        "puts off",
        "cancels our requests",
        "says exit",
        "asks questions",
    ],
)
async def test_an_answer_about_the_current_content_counts(
    behaviour: str, tree: Path, servers_of: ServersOf
) -> None:
    diagnosis = await servers_of(scripted(behaviour)).diagnose(tree, ["a.py"])
    assert (shown(diagnosis), diagnosis.unknown) == (["a.py:2: BAD 1"], ())


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("publishes stale versions", "said nothing about the current content within 0.5 s"),
        ("publishes for other files", "said nothing about the current content within 0.5 s"),
        ("is silent", "did not answer textDocument/diagnostic within 0.5 s"),
        ("dies at once", "; exit status 3"),
        ("dies when asked", "it ended twice: its output ended; exit status 3"),
        ("refuses", "a.py: it refused textDocument/diagnostic: the handler panicked"),
        ("puts off for ever", "a.py: it postponed textDocument/diagnostic 5 times"),
        ("says unchanged", "a.py: it did not answer with diagnostics"),
        ("answers nonsense", "a.py: it did not answer with diagnostics"),
        ("announces too much", "it announced a message of 1,000,000,000,000 bytes"),
        ("breaks off", "it ended twice: its output ended"),
        ("writes noise", "its output is not LSP"),
        ("says a number", "did not answer textDocument/diagnostic within 0.5 s"),
        ("says it deep", "did not answer textDocument/diagnostic within 0.5 s"),
        ("says too much", "a.py: 3,000 diagnostics are too many to look at"),
    ],
)
async def test_no_believable_answer_is_unknown_with_the_reason(
    behaviour: str, reason: str, tree: Path, servers_of: ServersOf
) -> None:
    diagnosis = await servers_of(scripted(behaviour), patience=HASTE).diagnose(tree, ["a.py"])
    assert diagnosis.diagnostics == ()
    assert reason in diagnosis.unknown[0]
    assert shlex.join(scripted(behaviour)) in diagnosis.unknown[0], (
        "the reason names the server's command"
    )


@pytest.mark.parametrize("behaviour", ["publishes", "publishes without versions", "puts off"])
async def test_a_diagnostic_of_an_earlier_content_does_not_count(
    behaviour: str, tree: Path, servers_of: ServersOf
) -> None:
    servers = servers_of(scripted(behaviour))
    await servers.diagnose(tree, ["a.py"])
    (tree / "a.py").write_text("good\ngood\nBAD 2\n")
    diagnosis = await servers.diagnose(tree, ["a.py"])
    assert (shown(diagnosis), diagnosis.unknown) == (["a.py:3: BAD 2"], ())


async def test_a_stale_publication_is_unknown_even_after_a_good_one(
    tree: Path, servers_of: ServersOf
) -> None:
    """The server always speaks of the content before: it is never right about this one."""
    servers = servers_of(scripted("publishes stale versions"), patience=HASTE)
    for text in ("BAD 1\n", "BAD 1\nBAD 2\n", "good\n"):
        (tree / "a.py").write_text(text)
        diagnosis = await servers.diagnose(tree, ["a.py"])
        assert diagnosis.diagnostics == ()
        assert len(diagnosis.unknown) == 1


async def test_a_publication_that_does_not_say_of_what_is_of_what_was(
    tree: Path, servers_of: ServersOf
) -> None:
    servers = servers_of(scripted("publishes late"), patience=HASTE)
    assert (await servers.diagnose(tree, ["a.py"])).unknown
    (tree / "a.py").write_text("good\n")
    diagnosis = await servers.diagnose(tree, ["a.py"])
    assert diagnosis.diagnostics == ()
    assert len(diagnosis.unknown) == 1


async def test_all_answers_together_have_their_time(tree: Path, servers_of: ServersOf) -> None:
    patience = PATIENCE.evolve(total_s=0.5)
    diagnosis = await servers_of(scripted("is silent"), patience=patience).diagnose(tree, ["a.py"])
    assert "it was not done within 0.5 s" in diagnosis.unknown[0]


async def test_one_bad_server_does_not_silence_another(tree: Path, servers_of: ServersOf) -> None:
    servers = servers_of(scripted("is silent"), scripted("publishes"), patience=HASTE)
    diagnosis = await servers.diagnose(tree, ["a.py"])
    assert shown(diagnosis) == ["a.py:2: BAD 1"]
    assert len(diagnosis.unknown) == 1


async def test_a_server_that_dies_is_started_once_more_and_no_more(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    await servers_of(scripted("dies when asked")).diagnose(tree, ["a.py"])
    assert len(launcher.started) == 2


async def test_a_silent_server_is_replaced_for_the_next_question(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    servers = servers_of(scripted("is silent"), patience=HASTE)
    for _ in range(2):
        assert (await servers.diagnose(tree, ["a.py"])).unknown
    assert len(launcher.started) == 2
    await launcher.started[0].wait()
