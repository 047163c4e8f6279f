"""Ask the register everything it can be asked, with ten tokens, then with very many.

For each database: what a page of ten takes with ten tokens and ten answers, and with a hundred
thousand tokens and a million answers, in turn on the same machine; and whether a plan reads a whole
table or sorts one. The exit code says whether each page is as fast as it was.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import filled  # noqa: E402  # its folder is added above
from lockwright_desk.helpdesk.register.register import Register  # noqa: E402  # the same
from plans import asked, faults  # noqa: E402  # the same
from postgres_cluster import cluster  # noqa: E402  # the same
from register_questions import questions  # noqa: E402  # the same
from registers import LASER, register, taken  # noqa: E402  # the same

FEW = 10
ROWS, TITLES = 500, "adapter,model,serial,login"
ROUNDS = 31
MOST_TIMES, MOST_MORE = 2.0, 3.0
"""How many times slower a page may be, and how many milliseconds beside that, on a busy machine."""
FREQUENT, BOUND = "clients, frequent words", 50.0
"""Looks at two thousand clients for one page and no more, for which it has milliseconds."""


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=100_000, help="how many (100,000)")
    parser.add_argument("--answers", type=int, default=1_000_000, help="how many (1,000,000)")
    given = parser.parse_args()
    slow = []
    with tempfile.TemporaryDirectory() as name, cluster() as postgres, ExitStack() as stack:
        for kind, running in (("sqlite", None), ("postgresql", postgres)):
            registers = []
            for tokens, answers in ((FEW, FEW), (given.tokens, given.answers)):
                folder = Path(name, f"{kind}-{tokens}")
                folder.mkdir()
                made = stack.enter_context(register(folder, running))
                began = time.monotonic()
                filled.fill(made.database, tokens, answers)
                took = time.monotonic() - began
                print(f"{kind}: {tokens} tokens, {answers} answers filled in {took:.0f} s")
                registers.append(made)
            few, many = registers
            slow += [f"{kind}: {each}" for each in compared(few, many, given.tokens)]
    for each in slow:
        print(f"not as fast: {each}")
    return 1 if slow else 0


def compared(few: Register, many: Register, tokens: int) -> list[str]:
    """Print a line for each question; the questions that are slower with many."""
    print(f"{'':28}{'with ten':>12}{'with many':>12}{'times':>8}  reads whole tables")
    slow = []
    with_many = every(many, tokens)
    for name, question in every(few, FEW).items():
        before, after = in_turn(question, with_many[name])
        wrong = [
            fault
            for statement in asked(many.database, with_many[name])
            for fault in faults(many.database, statement)
        ]
        times, told = after / before, "; ".join(wrong) or "-"
        print(f"{name:28}{before:9.2f} ms{after:9.2f} ms{times:8.1f}  {told}")
        most = BOUND if name == FREQUENT else MOST_TIMES * before + MOST_MORE
        if wrong or after > most:
            slow.append(name)
    return slow


def every(register: Register, count: int) -> dict[str, Callable[[], object]]:
    """Every question, and a file that is compared with the register."""
    rows = [f"{LASER},{filled.serial_of(each + 10**7)},c0000001" for each in range(ROWS)]
    compare = partial(taken, register, TITLES, rows, "tokens", dry_run=True)
    return {**questions(register.database, count), f"a file of {ROWS} tokens": compare}


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that each takes, the median of many."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for question, measured in zip((first, second), times, strict=True):
            began = time.perf_counter()
            question()
            measured.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    sys.exit(main())
