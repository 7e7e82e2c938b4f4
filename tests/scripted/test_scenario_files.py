"""Scenario files: what is played, and what is said of a wrong one."""

from pathlib import Path

import pytest

from podium.demo.scenario import FaultKind, ScenarioError, load_scenario, parse_scenario

TURN = '[[conversation.turn]]\nsay = "x"\n'


def test_the_first_that_matches_is_played_and_else_the_default() -> None:
    scenario = parse_scenario(f"""
[[conversation]]
name = "anybody else"
default = true
{TURN}
[[conversation]]
name = "worker T1"
when = ["role: worker", "T1"]
{TURN}
[[conversation]]
name = "any worker"
when = ["role: worker"]
{TURN}
[[conversation]]
name = "reviewer"
model = "reviewing"
{TURN}
""")
    played = {
        ("m", "role: worker, T1"): "worker T1",
        ("m", "role: worker, T2"): "any worker",
        ("m", "T1"): "anybody else",
        ("reviewing", "T1"): "reviewer",
        ("reviewing", "role: worker"): "any worker",
    }
    for (model, opening), name in played.items():
        found = scenario.find(model, opening)
        assert found is not None
        assert found.name == name


def test_faults_are_played_in_order_each_as_often_as_written() -> None:
    scenario = parse_scenario("""
[[conversation]]
name = "a"
[[conversation.turn]]
faults = ["429", { kind = "hang", times = 2 }, "html"]
say = "x"
""")
    turn = scenario.conversation[0].turn[0]
    played = [turn.fault(asked) for asked in range(5)]
    assert [it and it.kind for it in played] == [
        FaultKind.RATE_LIMITED,
        FaultKind.HANG,
        FaultKind.HANG,
        FaultKind.HTML,
        None,
    ]


WRONG = {
    "no TOML": ("[[conversation]\n", ["s.toml: not TOML: ", "line 1"]),
    "empty": ("", ["s.toml:1: conversation: Field required"]),
    "no turn": (
        '\n[[conversation]]\nname = "a"\n',
        ["s.toml:2: conversation 1, turn: Field required"],
    ),
    "a silent turn": (
        f'[[conversation]]\nname = "a"\n{TURN}{TURN}[[conversation.turn]]\nthink = "x"\n',
        ["s.toml:7: conversation 1, turn 3: ", "a turn needs `say` or `call`"],
    ),
    "two wrong entries": (
        (
            f'[[conversation]]\nname = "a"\n{TURN}\n[[conversation]]\nname = 5\n'
            '[[conversation.turn]]\nsay = "x"\nfaults = ["500", "earthquake"]\n'
        ),
        [
            "s.toml:6: conversation 2, name: Input should be a valid string",
            "s.toml:8: conversation 2, turn 1, faults 2, kind: Input should be '429', '500'",
        ],
    ),
    "a misspelt key": (
        f'[[conversation]]\nname = "a"\n{TURN}expects = "y"\n',
        ["s.toml:3: conversation 1, turn 1, expects: Extra inputs are not permitted"],
    ),
    "more cached than sent": (
        (
            f'[[conversation]]\nname = "a"\n{TURN}'
            "usage = { input_tokens = 1, cached_tokens = 2, output_tokens = 0 }\n"
        ),
        ["turn 1, usage: ", "is part of input_tokens and cannot be more"],
    ),
    "the same name twice": (
        f'[[conversation]]\nname = "a"\n{TURN}[[conversation]]\nname = "a"\n{TURN}',
        ["two conversations are called 'a'"],
    ),
    "two defaults": (
        (
            f'[[conversation]]\nname = "a"\ndefault = true\n{TURN}'
            f'[[conversation]]\nname = "b"\ndefault = true\n{TURN}'
        ),
        ["only one conversation can be the default"],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_wrong_entry_is_named_with_its_line(what: str) -> None:
    text, expected = WRONG[what]
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "s.toml")
    for words in expected:
        assert words in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot read the scenario"):
        load_scenario(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="cannot read the scenario"):
        load_scenario(bad)
