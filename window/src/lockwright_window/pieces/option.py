"""One of several things to choose from, with a note below: what it means, or why it cannot be."""

from __future__ import annotations

from PySide6.QtWidgets import QRadioButton, QStyle, QStyleOptionButton, QVBoxLayout, QWidget

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.labels import text
from lockwright_window.words.long import cut


class Option(QRadioButton):
    """A radio button and its note.

    Args:
        parent: the page.
        layout: where both are put, one below the other.
    """

    def __init__(self, parent: QWidget, layout: QVBoxLayout) -> None:
        super().__init__(parent)
        self._note = text(parent)
        layout.addWidget(self)
        layout.addWidget(self._note)

    def tell(self, words: str, note: str = "", *, why_not: str = "") -> None:
        """Put it into the language in use.

        Args:
            words: what is chosen; an ampersand is one, and what is too long for its line is cut.
            note: what it means; empty for nothing.
            why_not: why it cannot be chosen, which stands in place of the note; empty where it can.
        """
        note = why_not or note
        shown = cut(words)
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName("" if shown == words else words)
        self.setEnabled(not why_not)
        self.setToolTip(hint(why_not or ("" if shown == words else words)))
        self.setAccessibleDescription(note)
        self._note.setText(note)
        self._note.setIndent(self._to_its_words())
        self._note.setToolTip(hint(note))  # a name without a space has no second line
        self._note.setVisible(bool(note))

    def _to_its_words(self) -> int:
        """Pixels from the edge to its words; a larger text has a larger mark before it."""
        option = QStyleOptionButton()
        option.initFrom(self)
        part = QStyle.SubElement.SE_RadioButtonContents
        return self.style().subElementRect(part, option, self).left()
