"""What a contract says when a library no longer keeps it."""

import pytest

from contracts import Contract, Relied


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("json:load", None),
        ("json:charge", "json no longer has json:charge, on which relies the war"),
        ("jsonic:load", "json no longer has jsonic:load, on which relies the war"),
        (
            "json.scanner:py_make_scanner",
            "json.scanner:py_make_scanner of json no longer takes ['fp'], on which relies the war",
        ),
    ],
)
def test_a_broken_contract_says_what_is_gone_and_what_relied_on_it(
    place: str, said: str | None
) -> None:
    contract = Contract("json", ("podium/a.py",), {place: Relied("the war", "fp")})
    if said is None:
        contract.check(place)
        return
    with pytest.raises(AssertionError) as caught:
        contract.check(place)
    assert str(caught.value).partition("\n")[0] == f"{said}: see podium/a.py"


def test_whoever_goes_round_a_fence_is_named() -> None:
    fenced = Contract("sandlock", ("podium/sandbox/sandlock_port.py",), {})
    alone = Contract("sandlock", ("podium/nowhere.py",), {})
    assert fenced.strangers("sandlock_syscall_nr") == []
    (found,) = alone.strangers("sandlock_syscall_nr")
    assert found.endswith("podium/sandbox/sandlock_port.py")
