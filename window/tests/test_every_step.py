"""No step of any story is forgotten where the window is pulled at, hung, stopped and ended."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from story_steps import MADE_OF, WALKED

PACKAGE = "lockwright_window"
SOURCES = Path(__file__).parents[1] / "src" / PACKAGE
STEP = "story.step.Step"


def module_of(source: Path) -> str:
    """Its name inside the package; a package is called like its folder."""
    return ".".join(source.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__")


def classes() -> dict[str, list[str]]:
    """Every class of the window, by its full name inside the package, and what it is made of."""
    found = {}
    for source in SOURCES.rglob("*.py"):
        tree, module = ast.parse(source.read_text()), module_of(source)
        here = {node.name: f"{module}.{node.name}" for node in classes_in(tree)}
        known: Mapping[str, str] = {**imported(tree), **here}
        for node in classes_in(tree):
            bases = [ast.unparse(base) for base in node.bases]
            found[here[node.name]] = [known.get(base, base) for base in bases]
    return found


def classes_in(tree: ast.AST) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def imported(tree: ast.AST) -> dict[str, str]:
    """What a module calls the window's own classes, and their full names."""
    return {
        alias.asname or alias.name: f"{node.module.removeprefix(PACKAGE + '.')}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE)
        for alias in node.names
        if node.module is not None
    }


def steps() -> set[str]:
    """Every class that is a step, however it came to be one."""
    known, found = classes(), {STEP}
    while more := {name for name, bases in known.items() if found & {*bases}} - found:
        found |= more
    return found


def test_every_step_of_the_window_is_in_a_scene() -> None:
    walked = {step for each in WALKED.values() for step in each}
    assert walked == steps() - MADE_OF
    assert steps() > MADE_OF
