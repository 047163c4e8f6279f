"""The steps of a case, in the order of the call, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lockwright_desk.helpdesk.states import CLOSED
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.store.tables.cases import CaseState


class Step(StrEnum):
    """A step; its value names its template."""

    CALLER = "caller"
    REQUEST = "request"
    WORDS = "words"
    GROUNDS = "grounds"
    SECOND = "second"
    ANSWER = "answer"
    OUTCOME = "outcome"


class Stands(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Stepping:
    """A step of one case."""

    step: Step
    number: int
    stands: Stands


_ANSWERED = {CaseState.ANSWERED, CaseState.WORKED, CaseState.FAILED}


def steps_of(case: CaseSeen) -> tuple[Stepping, ...]:
    """The steps of a case; that of the second person only where one is asked for."""
    done = {
        Step.CALLER: case.verified_at is not None,
        Step.REQUEST: case.request is not None,
        Step.WORDS: case.words_right,
        Step.GROUNDS: case.reason is not None or case.ticket is not None,
        Step.SECOND: case.decided_at is not None,
        Step.ANSWER: case.answered_at is not None or case.state in _ANSWERED,
        Step.OUTCOME: case.state in CLOSED,
    }
    if not case.second:
        del done[Step.SECOND]
    steps = list(done)
    now = next((step for step in steps if not done[step]), None)
    if case.state in CLOSED:
        now = None
    elif case.state is CaseState.DENIED:
        now = Step.OUTCOME
    return tuple(
        Stepping(step, number, _stands(step is now, done[step]))
        for number, step in enumerate(steps, 1)
    )


def _stands(now: bool, done: bool) -> Stands:  # noqa: FBT001  # two answers to two questions
    if now:
        return Stands.NOW
    return Stands.DONE if done else Stands.LATER
