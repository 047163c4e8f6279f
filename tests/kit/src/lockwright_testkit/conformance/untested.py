"""What cannot be looked at on a token: it is noted with the reason, and the test is then skipped.

A test goes on as far as it can, so what it can show still fails it. One that has noted something
and passes is told as *not tested*, never as passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lockwright_testkit.conformance.bench import Bench

NO_FAULT = "the module cannot be made to fail"
NO_COUNT = "how many tries are left cannot be counted"
NO_LOCK = "the PIN does not lock"
NO_STATE = "the token does not tell of its user PIN"
NO_SECRET_LOCK = "the SO PIN or PUK does not lock"
NO_LAST_TRY = "the token does not tell of a last try"
ONE_ID = "no other program can give a second key the id of the first"
NO_KEY = "the token makes no key that is known here"
NOT_EXPENDABLE = "no PIN may be locked for good that nothing unblocks"
NO_PULL = "the token cannot be pulled out by the test"
NO_PROTECTION = "the token cannot be made write-protected"
NO_PAD = "the token has no PIN pad"
NO_BLANK = "the token cannot be made blank"
ANY_SO_PIN = "a blank token takes any SO PIN"
NO_TWIN = "there is no second token of its serial number"


def planned(bench: Bench, plan: str) -> bool:
    """Whether faults of the module are planned now; an empty plan ends them.

    Args:
        bench: the token.
        plan: ``FUNCTION@N=0x30``.
    """
    if bench.subject.fault is None:
        return bench.cannot(NO_FAULT)
    bench.subject.fault(plan)
    return True


@contextmanager
def costing(bench: Bench, whose: str, tries: int) -> Iterator[None]:
    """What is done in it takes so many tries of a PIN.

    Args:
        bench: the token.
        whose: ``user``, ``so`` or ``puk``.
        tries: how many.
    """
    count = bench.subject.tries
    before = count(whose) if count else 0
    yield
    if count is None:
        bench.cannot(NO_COUNT)
    else:
        assert before - count(whose) == tries, "the tries that it cost"
