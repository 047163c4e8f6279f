"""What the ledger of answered Requests takes for one Request, with a thousand and a million in it.

Both times are those of a Request that is looked up and entered, with the disk's part of it.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from lockwright.ledger import Answer, Ledger

_TIMES = 40
_SIZES = (1_000, 1_000_000)
_APART = 10
"""Seconds between two answers of the past, so that a day has more than eight thousand."""
_FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO answered (request, serial, operator, time, account, key)
SELECT lower(hex(randomblob(32))), 'S' || n, 'op', ? - n * ?, 'op' || (n % 20), 'key' || n
FROM numbers
"""


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=_SIZES, help="answers (1000 1000000)")
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            looked, entered = measured(Path(folder, "bank", "answered.db"), size)
        print(f"{size:>9,} answers: {looked:.2f} ms to look up, {entered:.2f} ms to enter (median)")


def measured(file: Path, size: int) -> tuple[float, float]:
    """Milliseconds to look a Request up, and to enter it, in a ledger of a size."""
    ledger = Ledger(file)
    ledger.salt(b"any")  # makes the tables
    with closing(sqlite3.connect(file)) as database:
        database.execute(_FILL, (size, int(time.time()), _APART))
        database.commit()
    ledger.check(Answer(b"the first", "S", "op"))  # what others entered is made ready here
    looked, entered = [], []
    for each in range(_TIMES):
        answer = Answer(each.to_bytes(8), f"T{each}", "op1", key=f"mine{each}")
        begun = time.perf_counter()
        ledger.check(answer)
        between = time.perf_counter()
        ledger.enter(answer)
        looked.append(between - begun)
        entered.append(time.perf_counter() - between)
    return statistics.median(looked) * 1000, statistics.median(entered) * 1000


if __name__ == "__main__":
    main()
