"""Numbers of a desk for Prometheus, counted by all of its processes in one place.

Each process writes into a part of its own of memory that they share, and whoever is asked adds them
up; a worker that follows another goes on with its numbers.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterator

from lockwright_desk.configuration.profiles import RENEWAL

OPERATIONS = (
    "cacerts",
    "csrattrs",
    "simpleenroll",
    "simplereenroll",
    RENEWAL,
    "crl",
    "page",
    "line",
    "operator",
    "other",
)
STATUSES = (
    *(200, 201, 202, 204, 303, 304),
    *(400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 422, 429, 500, 503),
    0,
)
"""Statuses that the desk answers with; 0 for any other."""
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the times that are counted, in seconds."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of the text format (prometheus.io/docs/instrumenting/exposition_formats)."""

_ANSWERS = len(OPERATIONS) * len(STATUSES)
_TIMES = len(OPERATIONS) * (len(BOUNDS) + 1)
_SUMS = len(OPERATIONS)
_FIELDS = _ANSWERS + _TIMES + _SUMS + 1
_NUMBER = 8
"""Bytes of a double."""


class Metrics:
    """The numbers; to be made before the processes are forked.

    Args:
        processes: how many there will be.
    """

    def __init__(self, processes: int) -> None:
        self._memory = mmap.mmap(-1, processes * _FIELDS * _NUMBER)
        self._all = memoryview(self._memory).cast("d")
        self._parts = [self._all[at * _FIELDS : (at + 1) * _FIELDS] for at in range(processes)]
        self._own = self._parts[0]

    def become(self, number: int) -> None:
        """From now on this process counts as the one of that number, from 0 on."""
        self._own = self._parts[number]

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Count an answer.

        Args:
            operation: what was asked for; one that is not known counts as ``other``.
            status: status of HTTP.
            seconds: from the head of the request to that of the answer.
        """
        what = OPERATIONS.index(operation if operation in OPERATIONS else "other")
        told = STATUSES.index(status if status in STATUSES else 0)
        self._own[what * len(STATUSES) + told] += 1
        self._own[_ANSWERS + what * (len(BOUNDS) + 1) + bisect_left(BOUNDS, seconds)] += 1
        self._own[_ANSWERS + _TIMES + what] += seconds

    def connected(self, count: int) -> None:
        """Note how many connections there are in this process."""
        self._own[_FIELDS - 1] = count

    def text(self) -> str:
        """All of them, in the text format."""
        return "".join(f"{line}\n" for line in self._lines())

    def _sum(self, at: int) -> float:
        return sum(part[at] for part in self._parts)

    def _lines(self) -> Iterator[str]:
        name = "lockwright_desk_answers_total"
        yield f"# HELP {name} Answers, by operation and status of HTTP."
        yield f"# TYPE {name} counter"
        for what, operation in enumerate(OPERATIONS):
            for told, status in enumerate(STATUSES):
                if count := self._sum(what * len(STATUSES) + told):
                    yield f'{name}{{operation="{operation}",status="{status}"}} {count:.0f}'
        name = "lockwright_desk_answer_seconds"
        yield f"# HELP {name} Time from the head of a request to that of its answer."
        yield f"# TYPE {name} histogram"
        for what, operation in enumerate(OPERATIONS):
            yield from self._histogram(name, what, f'operation="{operation}"')
        name = "lockwright_desk_connections"
        yield f"# HELP {name} Connections that are open."
        yield f"# TYPE {name} gauge"
        yield f"{name} {self._sum(_FIELDS - 1):.0f}"

    def _histogram(self, name: str, what: int, label: str) -> Iterator[str]:
        count = 0.0
        for at, bound in enumerate((*map(str, BOUNDS), "+Inf")):
            count += self._sum(_ANSWERS + what * (len(BOUNDS) + 1) + at)
            yield f'{name}_bucket{{{label},le="{bound}"}} {count:.0f}'
        yield f"{name}_sum{{{label}}} {self._sum(_ANSWERS + _TIMES + what):.6f}"
        yield f"{name}_count{{{label}}} {count:.0f}"
