from podium.domain.verdict import Gate
from podium.gates.table import JUDGES


def test_every_gate_without_a_model_has_its_function() -> None:
    assert set(JUDGES) == {it for it in Gate if not it.policy.by_model}
