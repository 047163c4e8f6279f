"""The page for the login and the one-time password that the bank gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.runner import Runner
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told
from lockwright_window.work import Task

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.story import CertificateStory


class Credentials(Step):
    """Login and one-time password.

    Args:
        story: which it belongs to.
        before: the page before.
        after: the page after, once the login can be sent.
        renewal: whether it is for a renewal, whose subject stays as it was.
    """

    def __init__(
        self,
        story: CertificateStory,
        before: Step | None,
        after: Callable[[], Step],
        *,
        renewal: bool = False,
    ) -> None:
        super().__init__(story)
        self._order, self._before, self._after = story.order, before, after
        self._ask = story.ask
        self._renewal = renewal
        self._checking: Task[None] | None = None
        self._told, self._wrong = text(self), text(self)
        self._label = QLabel(self)
        self._login = QLineEdit(self)
        self._login.textChanged.connect(self._on_changed)
        self._label.setBuddy(self._login)
        self._password = PinEntry(self, lambda: _("One-time password"))
        self._password.changed.connect(self._on_changed)
        layout = QVBoxLayout(self)
        for each in (self._told, self._wrong, self._label, self._login, self._password):
            layout.addWidget(each)
        layout.addStretch()

    def title(self) -> str:
        """As the bank's instruction has it."""
        return _("Login and one-time password")

    def before(self) -> Step | None:
        """The page before."""
        return self._before

    def first(self) -> QWidget | None:
        """What is to be typed next."""
        return self._password.field if self._login.text() else self._login

    def enter(self) -> None:
        """The login stays; the password is typed anew."""
        self._order.wipe()
        self._login.setText(self._order.login)
        self._wrong.hide()

    def leave(self) -> None:
        """Nothing secret stays, and what is still being checked takes nobody elsewhere."""
        if self._checking is not None:
            self._checking.drop()
            self._checking = None
        self._password.wipe()

    def ready(self) -> bool:
        """Whether both are there."""
        return bool(self._named()) and self._password.filled and self._checking is None

    def go(self) -> None:
        """Check the login before anything else is asked."""
        order, login = self._order, self._named()
        assert order.ca is not None  # noqa: S101  # it was chosen before
        assert order.wishes is not None  # noqa: S101  # the same
        ca, wishes = order.ca, order.wishes
        order.login = login

        def check(runner: Runner) -> None:
            runner.enrolments.check_login(ca, login)
            if not self._renewal:
                runner.enrolments.check_subject(ca, wishes, login, None)

        self._checking = self._ask(check, lambda _none: self._fits(), self._unfit)
        self.changed.emit()

    def say(self) -> None:
        """Its words."""
        ca = "" if self._order.ca is None else clean(self._order.ca.name)
        self._told.setText(
            _(
                "Enter the login and the one-time password of the person who is to have the new"
                " certificate, as the bank gave them (CA {ca})."
            ).format(ca=ca)
        )
        self._label.setText(_("Login"))
        self._login.setAccessibleName(_("Login"))

    def _named(self) -> str:
        """The login, without the end of a line that was copied with it and looks like a blank."""
        return self._login.text().strip()

    def _on_changed(self) -> None:
        self._wrong.hide()
        self.changed.emit()

    def _fits(self) -> None:
        self._order.password = self._password.take()
        self.story.show_step(self._after())

    def _unfit(self, error: Exception) -> None:
        self._checking = None
        self._wrong.setText(told(error).line)
        self._wrong.show()
        self._login.setFocus()
        self.changed.emit()
