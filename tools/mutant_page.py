"""Write into its page which promise of the contract each mutant breaks, and what finds it.

``--run`` runs the tests of the suite that are to find each mutant, and every test on one that none
is to find; it fails where that is not so. ``--check`` writes nothing, and only compares.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "kit" / "tests" / "samples"))

from lockwright_testkit.conformance.promises import Promise, promises  # noqa: E402  # see above
from mutant_runs import outcomes  # noqa: E402
from mutants.breaking import (  # noqa: E402
    MUTANTS,
    NOT_AN_ADAPTERS,
    NOTHING_FINDS,
    Mutant,
    promise_of,
)

PAGE = ROOT / "docs" / "reference" / "conformance-mutants.md"
HEAD = """<!-- Written by `make mutants`; `make reference` writes it without running them. -->

# What the conformance suite finds

[The contract](hooks.md) promises something in each sentence of what a hook does, returns and
raises. Each promise stands here with its *mutants*: adapters that are right but for this. Each was
run through [the suite](conformance.md), and the tests named are those that fail for it. A promise
without a mutant fails a test of the kit (`tests/kit/tests/test_mutants.py`).

"""


def main() -> int:
    """Check the page or write it; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--run", action="store_true", help="run the mutants through the suite")
    given = parser.parse_args()
    if given.run and (wrong := found_otherwise()):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    text = "".join(page())
    if given.check:
        if PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.relative_to(ROOT)} is out of date: make mutants", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def found_otherwise() -> list[str]:
    """Run every mutant; a sentence for each test that finds what it is not to, or finds nothing."""
    asked = [(mutant, test) for mutant in MUTANTS for test in mutant.tests or ("",)]
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(Path(folder), asked)
    print(f"{len(MUTANTS)} mutants, {len(found)} tests run", file=sys.stderr)
    return [told for mutant in MUTANTS for told in _otherwise(mutant, found)]


def _otherwise(mutant: Mutant, found: Mapping[str, str]) -> Iterator[str]:
    of_it = {
        node.partition("::")[2].partition("[")[0]: outcome
        for node, outcome in found.items()
        if node.partition("::")[0] == mutant.name
    }
    for test in mutant.tests:
        if of_it.get(test) != "FAILED":
            yield f"{mutant.name}: {test} finds nothing"
    if not mutant.tests:
        if not of_it:
            yield f"{mutant.name} was not run"
        finding = sorted(test for test, outcome in of_it.items() if outcome != "PASSED")
        yield from (f"{mutant.name}: {test} finds it, and is not named" for test in finding)


def page() -> Iterator[str]:
    """The page."""
    spared = {promise_of(words): why for words, why in NOT_AN_ADAPTERS.items()}
    ours = [each for each in promises() if each not in spared]
    missed = {mutant.promise for mutant in MUTANTS if not mutant.tests}
    found = [each for each in ours if each not in missed]
    caught = sum(bool(mutant.tests) for mutant in MUTANTS)
    yield HEAD
    yield (
        f"{len(ours)} promises bind an adapter; {len(found)} of them ({len(found) / len(ours):.1%})"
        f" are found broken. Of {len(MUTANTS)} mutants {caught} are found.\n"
    )
    hook = ""
    for promise in promises():
        if promise.hook != hook:
            hook = promise.hook
            yield f"\n## `{hook}`\n\n" if hook != "every" else "\n## Every hook\n\n"
            yield "| promise | mutant | found by |\n|---|---|---|\n"
        yield from _rows(promise, spared.get(promise, ""))


def _rows(promise: Promise, spared: str) -> Iterator[str]:
    said = f"**{promise.id}** {_plain(promise.text)}"
    if spared:
        yield f"| {said} | none | {spared} |\n"
    for mutant in (each for each in MUTANTS if each.promise == promise):
        tests = "<br>".join(f"`{test}`" for test in mutant.tests)
        told = tests or f"nothing: {NOTHING_FINDS[mutant.name]}"
        yield f"| {said} | {mutant.name.replace('_', ' ')} | {told} |\n"
        said = ""


def _plain(text: str) -> str:
    """A docstring's sentence in Markdown."""
    for role in (":class:", ":mod:"):
        text = text.replace(role, "")
    return text.replace("``", "`")


if __name__ == "__main__":
    sys.exit(main())
