"""The floors of the window: what each part of it may import. Qt itself is not needed for that."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "lockwright_window"


def test_words_need_no_qt_when_they_are_imported() -> None:
    for file in (SOURCE / "words").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("PySide6"), file
