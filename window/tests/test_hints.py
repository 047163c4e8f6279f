"""Every hint is text: Qt takes what looks like HTML for HTML, and a name may look so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

WINDOW = Path(__file__).parents[1] / "src" / "lockwright_window"


def hints() -> Iterator[tuple[str, ast.expr]]:
    for file in sorted(WINDOW.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "setToolTip":
                yield f"{file.relative_to(WINDOW)}:{node.lineno}", node.args[-1]


def ours(words: ast.expr) -> bool:
    """Whether words are our own, or made plain."""
    if isinstance(words, ast.IfExp):
        return ours(words.body) and ours(words.orelse)
    if isinstance(words, ast.Constant):
        return True
    return (
        isinstance(words, ast.Call)
        and isinstance(words.func, ast.Name)
        and words.func.id in {"_", "hint"}
    )


def test_what_others_wrote_is_made_plain_before_it_is_a_hint() -> None:
    found = list(hints())
    assert len(found) > 10
    assert [place for place, words in found if not ours(words)] == []
