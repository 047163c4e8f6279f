"""What can be done with a case, and from which state: one table (ADR 41)."""

from __future__ import annotations

from enum import StrEnum

from lockwright_desk.store.tables.cases import CaseState


class Act(StrEnum):
    """What is done with a case."""

    OPEN = "open"
    VERIFY = "verify"
    """Record how the caller was verified."""
    TAKE_REQUEST = "take-request"
    HEAR_WORDS = "hear-words"
    """Compare the check words that the client said."""
    GIVE_GROUNDS = "give-grounds"
    """Note reason and ticket."""
    AGREE = "agree"
    REFUSE = "refuse"
    ANSWER = "answer"
    SEND = "send"
    """Have the Response go to the client's window, sealed."""
    WORKED = "worked"
    FAILED = "failed"
    CALL_OFF = "call-off"


_UNANSWERED = {
    CaseState.OPEN,
    CaseState.VERIFIED,
    CaseState.READY,
    CaseState.WAITING,
    CaseState.AGREED,
    CaseState.DENIED,
}
FROM: dict[Act, frozenset[CaseState]] = {
    Act.OPEN: frozenset(),
    Act.VERIFY: frozenset({CaseState.OPEN}),
    Act.TAKE_REQUEST: frozenset({CaseState.VERIFIED}),
    Act.HEAR_WORDS: frozenset({CaseState.VERIFIED}),
    Act.GIVE_GROUNDS: frozenset({CaseState.VERIFIED}),
    Act.AGREE: frozenset({CaseState.WAITING}),
    Act.REFUSE: frozenset({CaseState.WAITING}),
    Act.ANSWER: frozenset({CaseState.READY, CaseState.AGREED, CaseState.ANSWERED}),
    Act.SEND: frozenset({CaseState.ANSWERED}),
    Act.WORKED: frozenset({CaseState.ANSWERED}),
    Act.FAILED: frozenset({CaseState.ANSWERED}),
    Act.CALL_OFF: frozenset({*_UNANSWERED, CaseState.ANSWERED}),
}
"""In which states an act is possible. From ``ANSWERED`` an answer is the same one, once more."""
CLOSED = frozenset({CaseState.WORKED, CaseState.FAILED, CaseState.CALLED_OFF})
"""Nothing follows these."""
OPEN = frozenset(CaseState) - CLOSED
