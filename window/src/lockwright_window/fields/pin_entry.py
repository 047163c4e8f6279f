"""A PIN field with its label, a button that shows what was typed, and what the keys do."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.i18n import _
from lockwright.secret import Secret
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from lockwright_window.fields.keyboard import keyboard
from lockwright_window.fields.pin_field import PinField
from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.labels import text
from lockwright_window.pieces.scrolled import come_into_sight
from lockwright_window.speaking import Says

_LOOK_AGAIN = 400
"""Milliseconds between two looks at the keyboard while the field has the focus."""


class PinEntry(Says):
    """A PIN or a password to be typed.

    Args:
        parent: the widget it belongs to.
        label: what it is called, in the language in use; a screen reader says it, too.
        pastes: see ``PinField``.
    """

    changed = Signal()
    """Something else is in it, perhaps nothing."""

    left = Signal()
    """It has the focus no more."""

    def __init__(
        self, parent: QWidget | None, label: Callable[[], str], *, pastes: bool | None = None
    ) -> None:
        super().__init__(parent)
        self._words = label
        self._refused = self._full = False
        self._wrong: Callable[[], str] = str
        self._more: Callable[[], str] = str
        self._keyboard = keyboard()
        self.field = PinField(self, pastes=pastes)
        self._label, self._note = QLabel(self), text(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setBuddy(self.field)
        self._show = QToolButton(self)
        self._show.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # F4 in the field does the same
        self._show.pressed.connect(lambda: self.field.show_typed(shown=True))
        self._show.released.connect(lambda: self.field.show_typed(shown=False))
        row = QHBoxLayout()
        row.addWidget(self.field, stretch=1)
        row.addWidget(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        layout.addLayout(row)
        layout.addWidget(self._note)
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_AGAIN)
        self._looking.timeout.connect(self._note_keys)
        self.field.changed.connect(self._on_changed)
        self.field.refused.connect(self._on_refused)
        self.field.full.connect(self._on_full)
        self.field.pressed.connect(self._note_keys)
        self.field.installEventFilter(self)
        self.say()

    @property
    def filled(self) -> bool:
        """Whether anything was typed."""
        return self.field.filled

    def take(self) -> Secret:
        """A copy of what was typed, for use; whoever takes it wipes it."""
        return self.field.take()

    def wipe(self) -> None:
        """Overwrite what was typed, and forget what was wrong with it."""
        self._refused = self._full = False
        self._wrong = str
        self.field.wipe()
        self._note_keys()

    def tell(self, words: Callable[[], str] = str) -> None:
        """Say what is wrong with what was typed, until something else is typed.

        Args:
            words: that, in the language in use; nothing by default.
        """
        self._wrong = words
        self._note_keys()

    def describe(self, words: Callable[[], str]) -> None:
        """What a screen reader says of the field beside its name and the notes.

        Args:
            words: that, in the language in use.
        """
        self._more = words
        self._note_keys()

    def say(self) -> None:
        """Its words."""
        self._label.setText(self._words())
        self._show.setText(_("Show"))
        told = _("Shows what was typed while it is pressed, as F4 does")
        self._show.setToolTip(hint(told))
        name = _("Show while pressed (F4): {name}").format(name=self._words())
        self._show.setAccessibleName(name)
        self._show.setAccessibleDescription(told)
        self._note_keys()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """The field gets the focus, or loses it."""
        if event.type() is QEvent.Type.FocusIn:
            self._looking.start()
        elif event.type() is QEvent.Type.FocusOut:
            self._looking.stop()
            QTimer.singleShot(0, self, self._on_left)
        return False

    def _on_changed(self) -> None:
        self._refused = self._full = False
        self._wrong = str
        self.changed.emit()
        self._note_keys()

    def _on_left(self) -> None:
        self._note_keys()
        self.left.emit()

    def _on_refused(self) -> None:
        self._refused = True
        self._note_keys()

    def _on_full(self) -> None:
        self._full = True
        self._note_keys()

    def _note_keys(self) -> None:
        """What whoever types is to know: dots tell nobody that the letters are others."""
        typing = self.field.hasFocus()
        notes = [
            self._wrong(),
            _("Nothing is pasted here: type it.") if self._refused else "",
            _("That is longer than any PIN, so no more is taken.") if self._full else "",
            _("Caps Lock is on.") if typing and self._caps_lock() else "",
            self._of_letters() if typing else "",
        ]
        told = "\n".join(filter(None, notes))
        is_news = told != self._note.text()
        self._note.setText(told)
        self._note.setVisible(bool(told))
        if is_news and typing:
            QTimer.singleShot(0, self, lambda: come_into_sight(self))
        self.field.setAccessibleDescription("\n".join(filter(None, (told, self._more()))))

    def _caps_lock(self) -> bool | None:
        known = self._keyboard.caps_lock()
        return self.field.capitals if known is None else known

    def _of_letters(self) -> str:
        if self._keyboard.types_cyrillic():
            return _("The keyboard types Cyrillic letters.")
        return _("Cyrillic letters were typed.") if self.field.has_cyrillic else ""
