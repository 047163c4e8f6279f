"""An answer on stdout that is seen to be taken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def answering(*, done: bool = True) -> Iterator[None]:
    """Write an answer to stdout in the block, and see that it is taken.

    Args:
        done: whether something was done before, and this says what; not so for a help.

    Raises:
        BrokenPipeError: nobody reads it any more.
        AnswerLost: it cannot be written.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from lockwright.errors import NOTHING, AnswerLost, reason_of  # noqa: PLC0415  # only then

        cost = None if done else NOTHING
        raise AnswerLost(reason=reason_of(error), cost=cost) from error
