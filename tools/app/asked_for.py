"""Which of the locked distributions those in a folder of ``make app`` ask for, and which nobody.

Core imports a binding where one is there, so PyInstaller would take each: PyKCS11, under the GPL,
into a folder of whose adapters none needs it. Run by the Python that the folder is made with, with
files of requirements as its ARGUMENTS, it prints the modules of what nobody asks for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

OURS = "lockwright"
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def main() -> None:
    """Print them, a line for each."""
    sys.stdout.writelines(f"{module}\n" for module in unasked(map(Path, sys.argv[1:])))


def unasked(locks: Iterable[Path]) -> list[str]:
    """Modules of what is locked and nobody asks for.

    Args:
        locks: files of requirements.
    """
    _inside, left = sorted_out(locks)
    return sorted({module for each in left for module in _modules(each)})


def sorted_out(
    locks: Iterable[Path], there: Iterable[Distribution] | None = None
) -> tuple[list[Distribution], list[Distribution]]:
    """Distributions that are ours or locked: those that ours ask for, and those that nobody does.

    Args:
        locks: files of requirements.
        there: what is installed; None for what this Python has.
    """
    locked = {plain(name) for lock in locks for name in _LOCKED.findall(lock.read_text())}
    found = {plain(each.name): each for each in there or distributions()}
    waiting = [(name, "") for name in found if name.startswith(OURS)]
    asked: set[tuple[str, str]] = set()
    while waiting:
        if (each := waiting.pop()) not in asked:
            asked.add(each)
            waiting += _required(found.get(each[0]), each[1])
    names = {name for name, _extra in asked}
    ours = [each for name, each in found.items() if name.startswith(OURS)]
    inside = [found[name] for name in sorted(found.keys() & locked & names)]
    return [*ours, *inside], [found[name] for name in sorted(found.keys() & locked - names)]


def plain(name: str) -> str:
    """A distribution's name as an index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _required(each: Distribution | None, extra: str) -> Iterator[tuple[str, str]]:
    """What it asks for, each with an extra, or with none."""
    for text in (each.requires if each else None) or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            for more in ("", *requirement.extras):
                yield plain(requirement.name), more


def _modules(each: Distribution) -> Iterator[str]:
    """Names by which it is imported."""
    for file in each.files or ():
        if file.suffix == ".py" and file.parts[0] != "..":
            yield file.parts[0].removesuffix(".py")


if __name__ == "__main__":
    main()
