"""Accents typed before their letter. Qt leaves them to input methods, which see too much."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt

_MARKS = {
    Qt.Key.Key_Dead_Grave: "\u0300",
    Qt.Key.Key_Dead_Acute: "\u0301",
    Qt.Key.Key_Dead_Circumflex: "\u0302",
    Qt.Key.Key_Dead_Tilde: "\u0303",
    Qt.Key.Key_Dead_Macron: "\u0304",
    Qt.Key.Key_Dead_Breve: "\u0306",
    Qt.Key.Key_Dead_Abovedot: "\u0307",
    Qt.Key.Key_Dead_Diaeresis: "\u0308",
    Qt.Key.Key_Dead_Abovering: "\u030a",
    Qt.Key.Key_Dead_Doubleacute: "\u030b",
    Qt.Key.Key_Dead_Caron: "\u030c",
    Qt.Key.Key_Dead_Cedilla: "\u0327",
    Qt.Key.Key_Dead_Ogonek: "\u0328",
}
_ALONE = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": '"',
    "\u0327": ",",
}
"""What a dead key types before a space, as keyboards of X11 and Windows have it."""


class Dead:
    """The accent that waits for its letter."""

    def __init__(self) -> None:
        self._mark = ""

    def press(self, key: int) -> bool:
        """A key was pressed.

        Args:
            key: Qt's number of it.

        Returns:
            Whether it is a dead key, and so types nothing yet.
        """
        mark = _MARKS.get(Qt.Key(key), "")
        if mark:
            self._mark = mark
        return bool(mark)

    def put_on(self, text: str) -> str:
        """A letter with the accent that waits for it; no accent waits any more.

        Args:
            text: what a key types.
        """
        mark, self._mark = self._mark, ""
        if mark and text == " ":
            return _ALONE.get(mark, "")
        return unicodedata.normalize("NFC", text + mark) if mark else text

    def forget(self) -> None:
        """No accent waits any more."""
        self._mark = ""
