"""Write into its reference page which hooks work on which token.

``--run`` runs the conformance tests of every adapter, and writes what they found. Without it the
tokens are only opened: what the page says of a hook that is not offered must be what the adapter
says, and a hook that is offered must not be called that. ``--check`` writes nothing.
``--real REPORT`` writes what was found on the real software modules, by ``make real``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lockwright_testkit.conformance.report import HOOKS, IN_PART, NOT_TESTED, WORKS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "conformance.md"
BEGIN = "<!-- What the adapters declare; written by `make conformance` from a run. -->\n\n"
REAL = "<!-- What was found on real modules; written by `make real` from a run. -->\n\n"
END = "\n<!-- Up to here. -->"
PACKAGES = {
    "openCryptoki": "opencryptoki",
    "tpm2-pkcs11": "libtpm2-pkcs11-1",
    "swtpm": "swtpm",
    "NSS": "libnss3",
}
"""What a run on real modules names the versions of."""
ONE_TEST = "test_what_is_not_offered_is_said_of_hooks_with_a_reason"
"""Opens each token."""
Words = Mapping[str, Mapping[str, str]]
"""For each token, what is said of each hook."""


def main() -> int:
    """Check the page or write it; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--real", type=Path, metavar="REPORT", help="write what real modules did")
    parser.add_argument("--run", action="store_true", help="run the tests, write what they found")
    given = parser.parse_args()
    if given.real:
        found = json.loads(given.real.read_text(encoding="utf-8"))
        write(f"{table(found)}\nRun with {versions()}.\n", REAL)
        return 0
    tests = sorted(ROOT.glob("plugins/*/tests/test_conformance.py"))
    found = run(tests) if given.run else declared(tests, cells(written()))
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
    return _reported(tests, "--lockwright-report")


def declared(tests: list[Path], before: Words) -> Words:
    """What the adapters say of each token, or nothing if one cannot be opened.

    Args:
        tests: what opens the tokens.
        before: what the page says, which only a run finds anew where a hook is offered.
    """
    found = _reported(tests, "--declarations", "-p", "declarations", "-k", ONE_TEST)
    return {
        title: {hook: told.get(hook) or _found_before(before, title, hook) for hook in HOOKS}
        for title, told in found.items()
    }


def _found_before(before: Words, title: str, hook: str) -> str:
    word = before.get(title, {}).get(hook, "")
    return word if word.startswith((IN_PART, NOT_TESTED)) else WORKS


def cells(text: str) -> Words:
    """The words of a table, as ``table`` writes them."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    if not rows:
        return {}
    (_hook, *titles), _line, *hooks = rows
    return {
        title: {row[0].strip("`"): row[place] for row in hooks}
        for place, title in enumerate(titles, 1)
    }


def _reported(tests: list[Path], report: str, *options: str) -> Words:
    """Run tests, and read the report that they write as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.json")
        command = [sys.executable, "-m", "pytest", "-q", *options, f"{report}={file}"]
        done = subprocess.run(  # noqa: S603  # our own tests
            [*command, *map(str, tests)],
            cwd=ROOT,
            check=False,
            stdout=sys.stderr,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
        )
        found: Words = json.loads(file.read_text(encoding="utf-8"))
        return {} if done.returncode else found


def table(found: Words) -> str:
    """The rows of the page's table."""
    return "".join(f"| {' | '.join(row)} |\n" for row in _rows(found))


def _rows(found: Words) -> Iterator[list[str]]:
    yield ["hook", *found]
    yield ["---"] * (len(found) + 1)
    for hook in HOOKS:
        yield [f"`{hook}`", *(told.get(hook, "") for told in found.values())]


def versions() -> str:
    """The versions of the real modules, as Debian has them."""
    command = ["dpkg-query", "-W", "-f", "${source:Upstream-Version}"]
    told = {
        name: subprocess.run(  # noqa: S603  # our own list
            [*command, package], check=True, capture_output=True, text=True
        ).stdout
        for name, package in PACKAGES.items()
    }
    return ", ".join(f"{name} {version}" for name, version in told.items())


def written(begin: str = BEGIN) -> str:
    """What the page has now between a mark and the end of its part."""
    return PAGE.read_text(encoding="utf-8").partition(begin)[2].partition(END)[0]


def write(text: str, begin: str = BEGIN) -> None:
    """Put another table into the page."""
    page, before = PAGE.read_text(encoding="utf-8"), written(begin)
    PAGE.write_text(page.replace(begin + before + END, begin + text + END), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
