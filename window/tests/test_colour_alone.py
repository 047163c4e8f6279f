"""No colour says anything alone (WCAG 2.2, 1.4.1): every place that gives one is found, by AST."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_window.words.weight import Weight

WINDOW = Path(__file__).parent.parent / "src" / "lockwright_window"
MADE_IN = {
    "pieces/colours.py": "the colours themselves, without Qt",
    "pieces/palette.py": "every control's, which has its line and its shape",
    "pieces/weights.py": "those that say something; whoever takes one is looked at here",
}
PLAIN = {
    "pieces/qr.py": "black and white, for scanners",
    "fields/pin_field.py": "the colour of any text",
    "fields/response_field.py": "the selection; a wrong place, which has a mark below it",
    "main/entry_painter.py": "the colour of any text; a state, which has its sign",
}
GIVES = {"QColor", "QBrush", "GlobalColor", "setColor", "setPalette", "setStyleSheet", "fillRect"}
GIVES |= {"setForeground", "setBackground", "setPen", "setBrush", "BackgroundRole", "QPen"}
TELLS = {"colour", "weigh"}
"""What takes a colour that says something; a kind of ``TINTED`` has one of its own."""
TINTED = {"Tinted", "Weighed"}
SIGNS = {"signed", "sign", "_point_at"}
"""What puts a sign or a shape beside it."""
Part = ast.FunctionDef | ast.ClassDef


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(WINDOW.rglob("*.py")):
        yield file.relative_to(WINDOW).as_posix(), ast.parse(file.read_text())


def names(tree: ast.AST) -> set[str]:
    """Every name that is read in a part, imports aside."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def tellers(tree: ast.Module) -> Iterator[Part]:
    """The functions that take a colour that says something, and the classes that are one."""
    for node in ast.walk(tree):
        takes = isinstance(node, ast.FunctionDef) and names(node) & TELLS
        if isinstance(node, Part) and (takes or is_tinted(node)):
            yield node


def is_tinted(node: Part) -> bool:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return any(names(base) & TINTED for base in bases) and node.name not in TINTED


def test_colours_are_given_in_known_places_alone() -> None:
    found = {name for name, tree in modules() if names(tree) & GIVES}
    assert found | {"pieces/colours.py"} == {*MADE_IN, *PLAIN}


def test_what_tells_by_a_colour_puts_a_sign_beside_it() -> None:
    tell = [
        (f"{name}:{part.name}", names(part) & SIGNS)
        for name, tree in modules()
        if name not in MADE_IN
        for part in tellers(tree)
    ]
    assert len(tell) > 5
    assert [where for where, signs in tell if not signs] == []


@pytest.mark.parametrize("weight", [each for each in Weight if each is not Weight.PLAIN])
def test_every_weight_has_a_sign_of_its_own(weight: Weight) -> None:
    assert weight.sign
    assert [each for each in Weight if each.sign == weight.sign] == [weight]
