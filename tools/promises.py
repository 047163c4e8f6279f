"""Write down what is promised to other people's code: every name, its arguments, its parts.

What was promised and is no longer so is told, and nothing is written, unless ``--break`` says
that the next release is one that may break it. ``--check`` writes nothing and fails where the file
is not what the code has.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lockwright.cli.app import root
from lockwright_desk.cli.app import root as desk_root
from lockwright_testkit.cli.app import root as kit_root
from promised_documents import ALWAYS, SOMETIMES, documents
from promised_names import MODULES, names
from promised_shapes import Shape, commands, shapes

FILE = Path(__file__).parent.parent / "docs" / "reference" / "promised.json"

_CONTRACT = "lockwright.contract."
"""Hooks are called by us and answered by others: a further argument breaks nobody."""


def main() -> int:
    """Write or check the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--break", dest="breaks", action="store_true", help="break promises")
    given = parser.parse_args()
    before, now = written(), promised()
    if given.check:
        if before != now:
            print("docs/reference/promised.json is out of date: make reference", file=sys.stderr)
        return int(before != now)
    if (lost := list(losses(before, now))) and not given.breaks:
        print("Promises would be broken:", *lost, sep="\n  ", file=sys.stderr)
        return 1
    lines = (f"{json.dumps(path)}: {json.dumps(shape)}" for path, shape in now.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0


def written() -> dict[str, Shape]:
    """What was promised."""
    found: dict[str, Shape] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found


def promised() -> dict[str, Shape]:
    """What the code has now, of all that is promised."""
    found = dict(
        shape
        for module in MODULES
        for name, thing in names(module)
        for shape in shapes(f"{module}.{name}", thing)
    )
    found |= commands(root, "lockwright")
    found |= commands(desk_root, "lockwright-desk")
    found |= commands(kit_root, "lockwright-kit")
    found |= documents()
    return dict(sorted(found.items()))


def losses(before: Mapping[str, Shape], now: Mapping[str, Shape]) -> Iterator[str]:
    """What somebody's code would miss, a line each.

    Args:
        before: what was promised.
        now: what there is.
    """
    for path, shape in before.items():
        if path not in now:
            yield f"{path} is gone"
        elif isinstance(shape, list) and isinstance(other := now[path], list):
            yield from _lost_arguments(path, shape, other)
        elif now[path] != shape and (shape, now[path]) != (SOMETIMES, ALWAYS):
            yield f"{path} was {shape} and is {now[path]}"


def _lost_arguments(path: str, before: list[str], now: list[str]) -> Iterator[str]:
    there = {_bare(argument): argument for argument in now}
    for argument in before:
        name = _bare(argument)
        if name not in there:
            yield f"{path} takes no {name}"
        elif argument.endswith("=") and not there[name].endswith("="):
            yield f"{path} cannot do without {name}"
        elif there[name].startswith("*") and not argument.startswith("*"):
            yield f"{path} takes {name} by its name only"
    if not path.startswith(_CONTRACT):
        known = {_bare(argument) for argument in before}
        for name, argument in there.items():
            if name not in known and not argument.endswith("="):
                yield f"{path} cannot do without {name}, which is new"
        by_place = [_bare(each) for each in before if not each.startswith("*")]
        places = [_bare(each) for each in now if not each.startswith("*")]
        kept = [name for name in by_place if name in places]
        if places[: len(kept)] != kept:
            yield f"{path} takes its arguments in another order"


def _bare(argument: str) -> str:
    return argument.strip("*=")


if __name__ == "__main__":
    sys.exit(main())
