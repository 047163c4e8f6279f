"""What is seen of a Request that waits: itself, its check, a QR code, the clock, the Response."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _, language
from lockwright.operations.remote import Request
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lockwright_window.fields.response_field import ResponseField
from lockwright_window.pieces.labels import heading, strong, text
from lockwright_window.pieces.qr import Qr
from lockwright_window.pieces.scrolled import come_into_sight
from lockwright_window.pieces.spelled import Spelled
from lockwright_window.speaking import Says
from lockwright_window.story.step import Step
from lockwright_window.words.response import Reading, Sign
from lockwright_window.words.spelled import copied, groups, scanned

_SIGNS = {Sign.WRONG: "✗", Sign.WHOLE: "✓", Sign.CHECKED: "✓✓"}


class RequestView(Says):
    """The widgets of the page; what they do is told by ``RequestPage``.

    Args:
        page: where they are.
        request: the Request.
    """

    refused = Signal()
    """Something was pasted that cannot be taken; how the Response stands is to be said again."""

    def __init__(self, page: Step, request: Request) -> None:
        super().__init__(page)
        self._request = request
        self._number = ""
        self._copied = self._refused = False
        self._what, self._line, self._told = (text(self) for _each in range(3))
        self._keep = strong(self)
        self._on_line = heading(self)
        self._name, self._answer = QLabel(self), QLabel(self)
        self._spelled = Spelled(self)
        self._check, self._serial, self._clock = strong(self), strong(self), text(self)
        self._qr = Qr(self, scanned(request))
        self._copy = QPushButton(self)
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(self._on_copy)
        self.field = ResponseField(self)
        for each in (self.field.refused, self.field.full):
            each.connect(lambda: self._on_refused(refused=True))
        self.field.changed.connect(lambda: self._on_refused(refused=False))
        self._answer.setBuddy(self.field)
        self._lay_out(page)

    def show_number(self, spoken: str) -> None:
        """Show by what the bank finds it on the line; empty where it is not there."""
        self._number = spoken
        self.say()

    def tell_line(self, words: str) -> None:
        """Say why nothing comes over the line, or what came and was none."""
        self._line.setText(words)
        self._line.setVisible(bool(words))

    def show_time(self, words: str, *, little: bool) -> None:
        """Show the time that is left."""
        self._clock.setText(f"⚠ {words}" if little else words)
        font = self._clock.font()
        font.setBold(little)
        self._clock.setFont(font)

    def show_reading(self, reading: Reading) -> None:
        """Say how the Response stands, and mark what is wrong in it."""
        self.field.mark(reading.wrong)
        sign, words = _SIGNS.get(reading.sign, ""), clean(reading.sentence)
        if self._refused:
            words = "\n".join((_("That is no Response, so nothing of it was taken."), words))
        self._told.setText(f"{sign} {words}".lstrip())
        self.field.setAccessibleDescription(words)

    def come_into_sight(self) -> None:
        """Scroll to what is typed, and to what is said of it below."""
        come_into_sight(self._told)

    def say(self) -> None:
        """Its words in the language in use."""
        request = self._request
        self._what.setText(_what_to_read(on_line=bool(self._number)))
        self._on_line.setText(_("Number on the line: {number}").format(number=self._number))
        self._on_line.setVisible(bool(self._number))
        self._name.setText(_("Request"))
        self._spelled.show_groups(_("Request"), groups(request))
        words = request.check.words(language())
        self._check.setText(
            _("Check: {words} ({digits})").format(words=words, digits=request.check.digits)
        )
        self._serial.setText(_("Serial number: {serial}").format(serial=clean(request.serial)))
        self._keep.setText(
            _(
                "Keep this window open and the token inserted, and use it in no other program."
                " Otherwise the Request is void."
            )
        )
        self._qr.setAccessibleName(_("QR code with the Request and the serial number"))
        self._copy.setText(_("Copied") if self._copied else _("Copy"))
        self._copy.setToolTip(_("Copies Request, check and serial number, to be sent to the bank."))
        self._answer.setText(_("Response"))

    def _lay_out(self, page: Step) -> None:
        for label in (self._name, self._answer):
            label.setTextFormat(Qt.TextFormat.PlainText)
        left = QVBoxLayout()
        for each in (self._on_line, self._name, self._spelled, self._check, self._serial):
            left.addWidget(each)
        left.addStretch()
        right = QVBoxLayout()
        right.addWidget(self._qr)
        right.addWidget(self._copy)
        right.addStretch()
        shown = QHBoxLayout()
        shown.addLayout(left, stretch=1)
        shown.addLayout(right)
        below = QGridLayout()
        below.addWidget(self._keep, 0, 0)
        below.addWidget(self._clock, 0, 1)
        below.setColumnStretch(0, 1)
        self._clock.setWordWrap(False)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        for part in (self._what, self._line):
            inside.addWidget(part)
        inside.addLayout(shown)
        inside.addLayout(below)
        below_it: tuple[QWidget, ...] = (self._answer, self.field, self._told)
        for widget in below_it:
            inside.addWidget(widget)
        inside.addStretch()
        outside = QVBoxLayout(page)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self)

    def _on_refused(self, *, refused: bool) -> None:
        self._refused = refused
        if refused:
            self.refused.emit()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(copied(self._request))
        self._copied = True
        self.say()


def _what_to_read(*, on_line: bool) -> str:
    """What a person does now."""
    if on_line:
        return "\n".join(
            (
                _("The bank's help desk has the Request. Call the bank and read out the number and"
                  " the two words of the check."),
                _("The Response comes into this window by itself. If it is dictated instead, type"
                  " it."),
            )
        )  # fmt: skip
    return "\n".join(
        (
            _("Call the bank and read the Request out: Latin letters and digits, never the letter"
              " O, always the digit 0."),
            _("Read the check out too: if the bank sees other words, something was misheard."),
        )
    )  # fmt: skip
