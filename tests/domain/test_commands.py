"""What a human can command, and what a refusal says, as lives (see `domain.lives`)."""

from typing import get_args

import pytest

from domain.lives import APPROVED, STARTED, WAITING, WHOLE, Life
from podium.domain.command_table import COMMANDS, Verb
from podium.domain.commands import allowed, command
from podium.domain.events import Event
from podium.domain.phase import Phase

ASKED = "request -> draft\ndrafted [Q1 Q2] -> write\nwritten h1 [Q1 Q2]\n"
REVOKED = f"{WHOLE}\nedit h2 -> cancel review T1\n"
EASED = f"{WHOLE}\nfail review T1 [environment]\n"
UNPREPARED = f"{STARTED}\nfail prepare\n= stopped, T1 waiting\n"
STOPPED = f"{STARTED}\nprepared -> work T1\nescalate T1\n= stopped, T1 stopped\n"
MERGING = f"{WAITING}\nask -> merge\n"
DISCARDED = f"{WAITING}\ndiscard -> clean\n"

ALLOWED = {
    "nothing": ("", "request"),
    "a text without tasks": ("edit h1 [empty]", "request"),
    "planning": ("request -> draft", "pause cancel"),
    "planning that was interrupted": (
        "request -> draft\nfail draft [environment]",
        "request pause resume cancel",
    ),
    "questions": (ASKED, "request"),
    "a plan": ("edit h1", "request approve reject"),
    "a plan with an error": ("edit h1 [error]", "request reject"),
    "an approved plan": (APPROVED, "request start reject"),
    "a run": (WHOLE, "pause cancel"),
    "a run that a human has paused": (f"{WHOLE}\npause -> cancel review T1", "resume cancel"),
    "a run that has no key": (EASED, "pause resume cancel"),
    "a run whose plan was edited": (REVOKED, "cancel"),
    "a run whose plan was edited, and is as it was": (f"{REVOKED}\nedit h1", "approve cancel"),
    "a run that has stopped": (STOPPED, "request approve discard"),
    "a run that waits for its merge": (WAITING, "merge discard"),
    "a run that waits, and its plan was edited": (f"{WAITING}\nedit h2 -> cancel tick", "discard"),
    "a merge": (MERGING, ""),
    "a merge whose plan was edited": (f"{MERGING}\nedit h2 -> cancel tick + merge", "cancel"),
    "a merge that is judged": (
        f"{MERGING}\nmerge [onto=u1] -> judge run",
        "pause cancel discard",
    ),
    "a discarded run": (DISCARDED, "request approve"),
    "a merged run": (f"{MERGING}\nmerge -> clean", ""),
}


@pytest.mark.parametrize(
    ("script", "verbs"), [pytest.param(*it, id=name) for name, it in ALLOWED.items()]
)
def test_what_can_be_commanded_of_a_plan(script: str, verbs: str) -> None:
    request = Life().play(script).request
    assert " ".join(it.verb for it in allowed(request, ("plan", "run"))) == verbs


REFUSALS = {
    ("", "request"): "",
    (WHOLE, "request"): "plan 'slugify' is running; cancel or discard its run first",
    ("request -> draft", "request"): "plan 'slugify' is being planned already; cancel that to",
    (ASKED, "answer Q1"): "",
    (ASKED, "answer Q7"): "plan 'slugify' asks no question 'Q7'; questions: Q1, Q2",
    ("edit h1 [Q1!]", "answer Q1"): "question 'Q1' is answered; change the answer in the document",
    ("request -> draft", "approve"): "plan 'slugify' is being planned; wait for the draft",
    ("edit h1 [error]", "approve"): "plan 'slugify' has errors (1); correct them first",
    (ASKED, "approve"): "plan 'slugify' has open questions: answer Q1, Q2 first",
    ("edit h1 [empty]", "approve"): "plan 'slugify' has no tasks; have it planned, or write them",
    (APPROVED, "approve"): "what plan 'slugify' says is approved already",
    (REVOKED, "approve"): "the run of plan 'slugify' has another text; undo the edit, or cancel or",
    ("edit h1", "start"): "plan 'slugify' cannot start: nobody approved it; read it and approve it",
    (f"{APPROVED}\nedit h2", "start"): "plan 'slugify' cannot start: it was edited after its",
    (STOPPED, "start"): "plan 'slugify' is stopped; approve it again to start another run",
    (WHOLE, "start"): "plan 'slugify' is running; it has been started already",
    (f"{STOPPED}\napprove h1", "retry T1"): "plan 'slugify' is approved; start its next run",
    (WHOLE, "reject"): "plan 'slugify' is running; only a plan that waits for its approval or",
    (WAITING, "pause"): "plan 'slugify' is awaiting merge; only what is under way can be paused",
    (REVOKED, "pause"): "plan 'slugify' is running, paused; resume or cancel it",
    (WHOLE, "resume"): "plan 'slugify' is running; only what is paused can be resumed",
    (REVOKED, "resume"): "plan 'slugify' was edited after its approval; approve what its run",
    (WAITING, "cancel"): "the run of plan 'slugify' has come to its end; merge it, or discard it",
    (MERGING, "cancel"): "plan 'slugify' is merging; wait for its end",
    (STOPPED, "cancel"): "plan 'slugify' is stopped; there is nothing under way to be cancelled",
    ("edit h1", "retry T1"): "the run of plan 'slugify' has no task 'T1'; tasks: none",
    (WHOLE, "retry T7"): "the run of plan 'slugify' has no task 'T7'; tasks: T1",
    (WHOLE, "retry T1"): "task 'T1' is reviewing; only a stopped task can be retried",
    (STOPPED, "retry T1"): "",
    (UNPREPARED, "retry T1"): "",
    (f"{STOPPED}\nedit h2", "retry T1"): "plan 'slugify' was edited after its approval; approve",
    (WAITING, "fix A"): "",
    (WAITING, "fix Z"): "the run of plan 'slugify' has no finding 'Z'; findings: A, B",
    (f"{WAITING}\nfix A -> work F1", "fix A"): "finding 'A' is fixing already",
    (MERGING, "fix A"): "plan 'slugify' is merging; wait for its end",
    (DISCARDED, "fix A"): "the run of plan 'slugify' is discarded; approve the plan to start",
    (f"{WAITING}\nfix A -> work F1", "dismiss A"): "task 'F1' is at finding 'A'; wait for it, or",
    (f"{WAITING}\ndismiss A", "dismiss A"): "finding 'A' is dismissed already",
    (DISCARDED, "dismiss A"): "",
    (WHOLE, "merge"): "plan 'slugify' is running; only a run that awaits its merge can be merged",
    (f"{WAITING}\nedit h2 -> cancel tick", "merge"): "plan 'slugify' was edited after its approval",
    (WHOLE, "discard"): "plan 'slugify' is running; only the result of a run that has ended",
    (DISCARDED, "discard"): "the run of plan 'slugify' is discarded already",
    (f"{MERGING}\nmerge -> clean", "request"): "plan 'slugify' is done; write what else you want",
}


@pytest.mark.parametrize(("asked", "says"), REFUSALS.items(), ids=lambda it: str(it)[-40:])
def test_a_refusal_says_what_to_do(asked: tuple[str, str], says: str) -> None:
    script, line = asked
    verb, _, target = line.partition(" ")
    why_not = command(Life().play(script).request, Verb(verb), target).why_not
    assert why_not.startswith(says)
    assert bool(why_not) is bool(says)


def test_every_command_is_recorded_by_an_event_that_names_its_target() -> None:
    kinds = {it.model_fields["kind"].default: it for it in get_args(get_args(Event)[0])}
    for it in COMMANDS.values():
        assert it.event in kinds
        assert not it.has_target or it.about in kinds[it.event].model_fields


def test_a_human_pauses_at_once_what_a_missing_key_has_paused_gently() -> None:
    life = Life().play(EASED)
    assert command(life.request, Verb.PAUSE).title == "Pause at once"
    life.play("pause -> cancel review T1")
    assert life.request.paused == "review T1 broke"
    life.play("pause\nresume -> review T1")


def test_approving_anew_is_called_so() -> None:
    assert command(Life().play("edit h1").request, Verb.APPROVE).title == "Approve"
    assert command(Life().play(STOPPED).request, Verb.APPROVE).title == "Approve again"


def test_phases_before_a_run_have_no_live_one() -> None:
    for phase in Phase:
        assert not (phase.is_before_run and (phase.has_live_run or phase.has_result))
        assert phase.has_live_run or not phase.is_merging
