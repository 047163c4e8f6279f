"""The first page: what will be done, and with which of the bank's CAs, if there are several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step
from lockwright_window.words.enrolment import NO_CA
from lockwright_window.words.long import cut

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.wizard import Enrol


class Welcome(Step):
    """What will be done.

    Args:
        story: which it belongs to.
    """

    def __init__(self, story: Enrol) -> None:
        super().__init__(story)
        self._wizard = story
        self._names: Sequence[str] | None = None
        self._told, self._question = text(self), text(self)
        self._choice = QButtonGroup(self)
        self._buttons: list[QRadioButton] = []
        self._row = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        layout.addWidget(self._question)
        layout.addLayout(self._row)
        layout.addStretch()

    def show_names(self, names: Sequence[str]) -> None:
        """The CAs of the configuration that a program can ask; the first one is chosen."""
        self._names = names
        self._buttons = [QRadioButton(cut(name).replace("&", "&&"), self) for name in names]
        for button in self._buttons:
            button.setVisible(len(names) > 1)
            self._choice.addButton(button)
            self._row.addWidget(button)
        if self._buttons:
            self._buttons[0].setChecked(True)
        self.say()
        self.changed.emit()

    def title(self) -> str:
        """What the wizard is for."""
        return _("A new certificate")

    def ready(self) -> bool:
        """Whether there is a CA to ask."""
        return bool(self._names)

    def first(self) -> QWidget | None:
        """The choice, if there is one."""
        return self._buttons[0] if len(self._buttons) > 1 else None

    def go(self) -> None:
        """Ask the CA what it wants."""
        chosen = next(
            name
            for name, button in zip(self._names or (), self._buttons, strict=True)
            if button.isChecked()
        )
        self._wizard.ask_ca(chosen)

    def say(self) -> None:
        """What will be done, step by step."""
        if self._names is not None and not self._names:
            self._told.setText(_(NO_CA))
            self._question.hide()
            return
        steps = (
            _("You enter the login and the one-time password that the bank gave you."),
            _("You choose where the certificate goes, and give the PIN of the token."),
            _("A new key is made there; the bank gives a certificate for it."),
            _("The certificate is written, and a signature proves that it works."),
        )
        points = "\n".join(f"{number}. {each}" for number, each in enumerate(steps, 1))
        end = _("You can stop at any time, and go on later.")
        self._told.setText("\n\n".join((_("What will be done:"), points, end)))
        self._question.setText(_("Which CA is to give the certificate?"))
        self._question.setVisible(len(self._buttons) > 1)
