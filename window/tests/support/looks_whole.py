"""What of a window is cut, or lies over another thing."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

_SLACK = 2
"""Pixels that no letter is lost by."""


def not_whole(window: QWidget) -> list[str]:
    """What of a window cannot be read whole."""
    found = []
    for each in window.findChildren(QLabel) + window.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.visibleRegion().isEmpty() is False:
            found += _cut(each)
    for parent in [window, *window.findChildren(QWidget)]:
        if parent.isVisible() and parent.layout() is not None:
            found += _overlaps(parent)
    return found


def _cut(each: QWidget) -> list[str]:
    """Words for which there is no room, and which no tooltip has whole."""
    words: str = each.text()  # type: ignore[attr-defined]  # a label's or a button's
    if words.replace("&", "") in each.toolTip().replace("&", ""):
        return []
    if isinstance(each, QLabel) and each.wordWrap():
        short = each.heightForWidth(each.width()) - each.height()
    else:
        hint = each.minimumSizeHint() if isinstance(each, QLabel) else each.sizeHint()
        short = max(hint.width() - each.width(), hint.height() - each.height())
    return [f"cut by {short}: {words[:60]!r}"] if short > _SLACK else []


def _overlaps(parent: QWidget) -> list[str]:
    """Things in one layout that lie over each other."""
    layout = parent.layout()
    items = () if layout is None else (layout.itemAt(each) for each in range(layout.count()))
    inside = [item.widget() for item in items if item is not None]
    shown = [each for each in inside if each is not None and each.isVisible()]
    return [
        f"{type(one).__name__} lies over {type(other).__name__} in {type(parent).__name__}"
        for one, other in combinations(shown, 2)
        if one.geometry().adjusted(1, 1, -1, -1).intersects(other.geometry())
        and type(layout).__name__ != "QStackedLayout"
    ]
