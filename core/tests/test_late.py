"""A part of a runner is made when it is asked for, once for all threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from lockwright.late import late

MANY = 8


class Whole:
    """Has a part."""

    def __init__(self) -> None:
        self.made = 0
        self.together = threading.Barrier(MANY)

    @late
    def part(self) -> object:
        """Its part."""
        self.made += 1
        return object()


def test_a_part_is_made_once_when_many_threads_ask() -> None:
    whole = Whole()

    def ask(_number: int) -> object:
        whole.together.wait()
        return whole.part

    with ThreadPoolExecutor(MANY) as pool:
        assert len(set(map(id, pool.map(ask, range(MANY))))) == 1
    assert whole.made == 1


def test_a_part_is_not_made_when_it_is_looked_at_in_the_class() -> None:
    assert Whole.part.__doc__ == "Its part."
