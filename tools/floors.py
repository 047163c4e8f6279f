"""Print the floors of core: each part as low as its imports allow, the lowest floor first.

A part is a folder or a module at the root of the package. Imports in functions and for types alone
count too. A circle ends the program with its names.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

CORE = Path(__file__).parent.parent / "core" / "src" / "lockwright"


def main() -> int:
    """Print them; 1 if there is a circle."""
    graph = {part: set(imports(part)) for part in parts()}
    try:
        found = floors(graph)
    except CycleError as error:
        print("a circle:", " -> ".join(error.args[1]), file=sys.stderr)
        return 1
    for number, floor in enumerate(found):
        print(f"{number:2}  {'  '.join(sorted(floor))}")
    print(f"{len(list(CORE.glob('*.py')))} modules at the root of the package")
    return 0


def parts() -> list[str]:
    """Every part of core."""
    files = [path.stem for path in CORE.glob("*.py")]
    return files + [path.parent.name for path in CORE.glob("*/__init__.py")]


def imports(part: str) -> Iterator[str]:
    """The other parts that a part imports."""
    place = CORE / part
    sources = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    known = set(parts())
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            for name in _modules(node):
                first, _dot, rest = name.partition(".")
                target = rest.partition(".")[0] or "__init__"
                if first == "lockwright" and target != part and target in known:
                    yield target


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module == "lockwright":
        yield from (f"lockwright.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def floors(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Parts by floor: each one above all that it imports.

    Raises:
        CycleError: some import each other.
    """
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    found = []
    while ready := sorter.get_ready():
        found.append(list(ready))
        sorter.done(*ready)
    return found


if __name__ == "__main__":
    sys.exit(main())
