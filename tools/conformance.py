"""Write into its reference page which hooks work on which token.

That is what the adapters' conformance tests are told to expect, and find whenever they pass.
``--run`` runs them, and writes what they found; ``--check`` writes nothing, and only compares.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lockwright_testkit.conformance import Conformance
from lockwright_testkit.conformance.report import HOOKS, WORKS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "conformance.md"
BEGIN = "<!-- Written by `make conformance` from a run of the tests. -->\n\n"
END = "\n<!-- Up to here. -->"
Words = Mapping[str, Mapping[str, str]]
"""For each token, what is said of each hook."""


def main() -> int:
    """Check the page or write it; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--run", action="store_true", help="run the tests, write what they found")
    given = parser.parse_args()
    tests = sorted(ROOT.glob("plugins/*/tests/test_conformance.py"))
    found = run(tests) if given.run else {k.title: words(k) for t in tests for k in classes(t)}
    if found and written() == table(found):
        return 0
    if given.check:
        print("docs/reference/conformance.md is out of date: make conformance", file=sys.stderr)
        return 1
    if found:
        write(table(found))
    return int(not found)


def run(tests: list[Path]) -> Words:
    """Run the tests; what they found, or nothing if one fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pytest", "-q", f"--lockwright-report={report}"]
        done = subprocess.run([*command, *map(str, tests)], cwd=ROOT, check=False)  # noqa: S603  # our own tests
        found: Words = json.loads(report.read_text(encoding="utf-8"))
        return {} if done.returncode else found


def classes(test: Path) -> Iterator[type[Conformance]]:
    """The classes of a file that run the suite."""
    spec = importlib.util.spec_from_file_location(f"conformance_{test.parts[-3]}", test)
    if spec is None or spec.loader is None:
        raise ImportError(str(test))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, Conformance) and kind is not Conformance:
            yield kind


def words(kind: type[Conformance]) -> dict[str, str]:
    """What a class expects of each hook."""
    return {hook: (kind.not_offered or {}).get(hook, WORKS) for hook in HOOKS}


def table(found: Words) -> str:
    """The rows of the page's table."""
    return "".join(f"| {' | '.join(row)} |\n" for row in _rows(found))


def _rows(found: Words) -> Iterator[list[str]]:
    yield ["hook", *found]
    yield ["---"] * (len(found) + 1)
    for hook in HOOKS:
        yield [f"`{hook}`", *(told.get(hook, "") for told in found.values())]


def written() -> str:
    """The table that the page has now."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def write(text: str) -> None:
    """Put another table into the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(BEGIN + written() + END, BEGIN + text + END), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
