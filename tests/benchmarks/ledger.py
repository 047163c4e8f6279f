"""What the ledger of answered Requests takes for one Request, with a thousand and a million in it.

Both times are those of a Request that is looked up and entered, with the disk's part of it. It also
runs over an earlier build, whose ledger is told less.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from lockwright import ledger as ledgers
from lockwright.ledger import Ledger

_TIMES = 20
_SIZES = (1_000, 1_000_000)
_APART = 10
"""Seconds between two answers of the past, so that a day has more than eight thousand."""
_FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO answered ({columns})
SELECT {values} FROM numbers
"""
_VALUES = {
    "request": "lower(hex(randomblob(32)))",
    "serial": "'S' || n",
    "operator": "'op'",
    "time": "? - n * ?",
    "account": "'op' || (n % 20)",
    "key": "'key' || n",
}
"""What is written into the columns that a build has."""


def main() -> None:
    """Print a line for each size, or all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=_SIZES, help="answers (1000 1000000)")
    parser.add_argument("--json", action="store_true", help="milliseconds of each, as JSON")
    parser.add_argument("--folder", help="where the ledgers are made; /dev/shm has no disk")
    given = parser.parse_args()
    took = {}
    for size in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            took[size] = measured(Path(folder, "bank", "answered.db"), size)
    if given.json:
        print(json.dumps(took))
        return
    for size, (looked, entered) in took.items():
        print(f"{size:>9,} answers: {looked:.2f} ms to look up, {entered:.2f} ms to enter (median)")


def measured(file: Path, size: int) -> tuple[float, float]:
    """Milliseconds to look a Request up, and to enter it, in a ledger of a size."""
    ledger = Ledger(file)
    ask = asked(ledger.check), asked(ledger.enter)
    ask[0](b"the first", "S")  # makes the tables
    fill(file, size)
    ask[0](b"the first", "S")  # what others entered is made ready here
    took: list[list[float]] = [[], []]
    for each in range(_TIMES):
        for at, do in enumerate(ask):
            begun = time.perf_counter()
            do(each.to_bytes(8), f"T{each}")
            took[at].append(time.perf_counter() - begun)
    looked, entered = (statistics.median(each) * 1000 for each in took)
    return looked, entered


def fill(file: Path, size: int) -> None:
    """Enter answers of the past."""
    with closing(sqlite3.connect(file)) as database:
        there = {name for _number, name, *_rest in database.execute("PRAGMA table_info(answered)")}
        values = {name: value for name, value in _VALUES.items() if name in there}
        statement = _FILL.format(columns=", ".join(values), values=", ".join(values.values()))
        database.execute(statement, (size, int(time.time()), _APART))
        database.commit()


def asked(what: Callable[..., Any]) -> Callable[[bytes, str], Any]:
    """A method of the ledger, asked of a Request and a serial number."""
    answer = getattr(ledgers, "Answer", None)
    if answer is None:  # of an earlier build
        return lambda request, serial: what(request, serial, "op1")
    return lambda request, serial: what(answer(request, serial, "op1", key=f"key of {serial}"))


if __name__ == "__main__":
    main()
