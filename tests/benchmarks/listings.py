"""The listings of an earlier build and of this one, of every token that the tests can make.

``make listings BASE=rev`` runs it. The documents of ``list`` and ``tokens`` are compared byte for
byte, those with the PIN and those without, and nothing is sorted: SoftHSM is made to find objects
in one order. It exits with 1 if a document is not the same; where the earlier build knew less, it
is told whether all that it said is still said so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [
    str(ROOT / "tools"),
    str(ROOT / "tests" / "corpus" / "support"),
]

from earlier import built  # noqa: E402  # its folder is added above
from listed_tokens import Case, cases  # noqa: E402  # the same
from lockwright_testkit.interposer import compile_library  # noqa: E402  # the same

COMMANDS = (("list", "--json"), ("list", "--json", "--pin-file", "PIN"), ("tokens", "--json"))
_SHOWN = 5
"""Differences that are shown of one document."""
IN_ORDER = Path(__file__).with_name("support") / "in_order.c"


@dataclass(frozen=True)
class Said:
    """What a build answered."""

    code: int
    out: bytes


def main() -> int:
    """Compare; the exit code says whether all documents are the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=os.environ.get("BASE"), help="the earlier revision")
    parser.add_argument("--only", default="", help="tokens whose name has this in it")
    parser.add_argument("--show", action="store_true", help="show every difference")
    given = parser.parse_args()
    if not given.base:
        parser.error("which build to compare with: BASE=rev")
    builds = [built(given.base), ROOT]
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(Path(folder)):
            if given.only in case.name:
                for command in COMMANDS:
                    judged, where = compared(builds, case, command, Path(folder))
                    told[judged] += 1
                    if judged != SAME:
                        print(f"{case.name}, {' '.join(command)}: {judged}", flush=True)
                    for line in where[: None if given.show else _SHOWN]:
                        print(f"    {line}")
    for judged, number in told.most_common():
        print(f"{number:4} {judged}")
    return int(set(told) != {SAME})


SAME = "the same, byte for byte"
MORE = "more is said, and all that was said is said so"
OTHER = "something else is said"


def compared(
    builds: Sequence[Path], case: Case, command: Sequence[str], folder: Path
) -> tuple[str, list[str]]:
    """How the answers of two builds compare, and where something else is said.

    Args:
        builds: the earlier and this one.
        case: the token.
        command: what is asked of it.
        folder: for the files that the program needs.
    """
    before, now = (answer(build, case, command, folder) for build in builds)
    if before == now:
        return SAME, []
    where = list(differences("", json.loads(before.out), json.loads(now.out)))
    if before.code != now.code:
        where.insert(0, f"exit code {before.code} before, {now.code} now")
    return OTHER if where else MORE, where


def answer(build: Path, case: Case, command: Sequence[str], folder: Path) -> Said:
    """What a build answers; its files are its own."""
    home = folder / f"home-{case.binding}-{build.name}"
    if not home.exists():
        home.mkdir()
        (home / "config.toml").write_text(case.config)
        (home / "pin").touch(0o600)
        (home / "pin").write_text(case.token.pin)
    words = [str(home / "pin") if word == "PIN" else word for word in command]
    if words[0] == "list" and case.token.serial:
        words += ["--token", case.token.serial]
    done = subprocess.run(
        [
            build / ".venv" / "bin" / "lockwright",
            *words,
            *("--config", home / "config.toml"),
            *("--module", case.token.module),
        ],
        check=False,
        capture_output=True,
        cwd=folder,
        env=os.environ
        | case.environment
        | {"LD_PRELOAD": str(compile_library(IN_ORDER))}
        | {"XDG_STATE_HOME": str(home), "LANG": "C.UTF-8"},
    )
    if not done.stdout:
        raise RuntimeError(f"{case.name}: {done.stderr.decode()}")
    return Said(done.returncode, done.stdout)


def differences(place: str, before: Any, now: Any) -> Iterator[str]:
    """Where a document says something else than before, what is new in it left aside."""
    if isinstance(before, dict) and isinstance(now, dict):
        kept = [key for key in now if key in before]
        if kept != list(before):
            yield f"{place}: {list(before)} before, {list(now)} now"
        for key in kept:
            yield from differences(f"{place}.{key}", before[key], now[key])
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from differences(f"{place}[{number}]", old, new)
    elif before != now:
        yield f"{place}: {json.dumps(before)} before, {json.dumps(now)} now"


if __name__ == "__main__":
    sys.exit(main())
