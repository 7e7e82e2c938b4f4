import pytest

from podium.domain.base import TaskId
from podium.domain.plan import Task
from podium.domain.waves import waves


def tasks(**after: str) -> list[Task]:
    return [
        Task(id=TaskId(name), title=name, after=tuple(TaskId(it) for it in needed.split()))
        for name, needed in after.items()
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "", id="no tasks"),
        pytest.param({"T1": "", "T2": ""}, "T1 T2", id="independent"),
        pytest.param({"T2": "T1", "T1": ""}, "T1 | T2", id="written backwards"),
        pytest.param(
            {"T1": "", "T2": "T1", "T3": "T1", "T4": "T2 T3"}, "T1 | T2 T3 | T4", id="diamond"
        ),
        pytest.param({"T1": "", "T2": "T1", "T3": "T1 T2"}, "T1 | T2 | T3", id="longest path"),
        pytest.param({"T1": "T2", "T2": "T1", "T3": ""}, "T3", id="cycle is left out"),
        pytest.param({"T1": "T1"}, "", id="itself"),
        pytest.param({"T1": "T1", "T2": "T1"}, "", id="behind a cycle"),
        pytest.param({"T1": "T9", "T2": ""}, "T2", id="unknown"),
        pytest.param({"T1": "", "T2": "T1 T1"}, "T1 | T2", id="named twice"),
    ],
)
def test_waves(given: dict[str, str], expected: str) -> None:
    found = waves(tasks(**given))
    assert " | ".join(" ".join(wave) for wave in found) == expected


def test_of_two_tasks_with_one_id_the_first_counts() -> None:
    assert waves([*tasks(T1=""), *tasks(T1="T2", T2="T1")]) == (("T1",), ("T2",))
