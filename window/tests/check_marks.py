"""What is one of several looks like it, and what is ticked, partly or not, too: in all colours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright_window.pieces.colours import SCHEMES
from lockwright_window.pieces.palette import Palette
from looks_clear import Drawn, mark
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QRadioButton, QWidget


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest, application: QApplication) -> Iterator[str]:
    """The program in each set of colours."""
    name: str = request.param
    Palette(application, name)
    yield name
    application.setStyleSheet("")
    application.setPalette(QPalette())


def drawn(widget: QAbstractButton, window: QWidget) -> list[list[int]]:
    """The mark of a control, row by row."""
    at = mark(widget)
    window.show()
    QApplication.processEvents()
    points = Drawn(widget).points(at)
    return [points[each : each + at.width()] for each in range(0, len(points), at.width())]


def shade(colour: str) -> int:
    return int(colour[1:], 16)


def made(kind: type[QAbstractButton]) -> tuple[QAbstractButton, QWidget]:
    window = QWidget()
    widget = kind(window)
    widget.setGeometry(QRect(10, 10, 200, 40))
    widget.setText("One of them")
    return widget, window


def test_a_radio_button_is_round_and_a_tick_is_square(scheme: str) -> None:
    colours = SCHEMES[scheme]
    ground, line = shade(colours.ground), shade(colours.line)
    for chosen in (False, True):
        radio, window = made(QRadioButton)
        radio.setChecked(chosen)
        rows = drawn(radio, window)
        corners = {rows[y][x] for y in (0, -1) for x in (0, -1)}
        assert corners == {ground}
        assert (rows[len(rows) // 2][3] == shade(colours.chosen)) is chosen
        tick, window = made(QCheckBox)
        tick.setChecked(chosen)
        assert {drawn(tick, window)[y][x] for y in (0, -1) for x in (0, -1)} == {line}


def test_ticked_partly_ticked_and_not_ticked_differ_by_their_shape(scheme: str) -> None:
    seen = set()
    for state in (Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Checked):
        tick, window = made(QCheckBox)
        assert isinstance(tick, QCheckBox)
        tick.setTristate(True)
        tick.setCheckState(state)
        rows = drawn(tick, window)
        seen.add(tuple(each == shade(SCHEMES[scheme].chosen) for row in rows for each in row))
    assert len(seen) == 3
