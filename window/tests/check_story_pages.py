"""The pages of a story: a tall one makes the window grow, or is scrolled; none is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright_window.pieces.labels import text
from lockwright_window.story.pages import Pages
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget


@pytest.fixture
def pages(application: QApplication) -> Iterator[Pages]:
    """A stack of pages in a window of its own."""
    outside = QWidget()
    made = Pages(outside)
    QVBoxLayout(outside).addWidget(made)
    outside.resize(300, 200)
    outside.show()
    application.processEvents()
    yield made
    outside.deleteLater()


def page(sentences: int) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    for number in range(sentences):
        label = text(made)
        label.setText(f"{number}: a sentence that is too long for one line of a narrow window.")
        layout.addWidget(label)
        layout.addWidget(QLineEdit(made))
    return made


def test_a_page_that_fits_lacks_nothing_and_one_that_does_not_is_whole_all_the_same(
    pages: Pages,
) -> None:
    told: list[int] = []
    pages.lacking.connect(told.append)
    pages.turn_to(page(1))
    QApplication.processEvents()
    assert told == []

    tall = page(12)
    pages.turn_to(tall)
    QApplication.processEvents()
    assert told
    assert max(told) > 200
    layout = tall.layout()
    assert layout is not None
    assert tall.height() >= layout.totalMinimumHeightForWidth(tall.width())


def test_a_page_that_becomes_taller_while_it_is_shown_says_so(pages: Pages) -> None:
    growing = page(1)
    note = text(growing)
    layout = growing.layout()
    assert layout is not None
    layout.addWidget(note)
    pages.turn_to(growing)
    QApplication.processEvents()
    told: list[int] = []
    pages.lacking.connect(told.append)
    note.setText("\n".join(["a line"] * 20))
    QApplication.processEvents()
    assert told
