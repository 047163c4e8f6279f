"""Mutants run through the suite: what each test makes of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mutants.breaking import Mutant
from suite_run import run

CLASSES = """
for mutant in mutants.MUTANTS:
    globals()[f"Test_{mutant.name}"] = tested(mutant.adapter)
"""


def outcomes(folder: Path, asked: Iterable[tuple[Mutant, str]]) -> Mapping[str, str]:
    """Run tests of the suite on mutants.

    Args:
        folder: an empty folder.
        asked: each mutant with a test; an empty one is every test.

    Returns:
        ``PASSED``, ``FAILED`` or ``ERROR``, by ``MUTANT::TEST``; nothing of a skipped one.
    """
    nodes = [
        f"test_classes.py::Test_{mutant.name}" + (f"::{test}" if test else "")
        for mutant, test in asked
    ]
    found = run(folder, "--tb=no", *nodes, classes=CLASSES).outcomes
    return {node.removeprefix("Test_"): outcome for node, outcome in found.items()}
