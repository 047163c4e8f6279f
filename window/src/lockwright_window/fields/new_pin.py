"""A new PIN, twice, with the rules it keeps or breaks as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockwright.explain.doubts import doubt_text
from lockwright.i18n import N_, _
from lockwright.policy import PinPolicy
from lockwright.policy.doubts import Doubtful, doubts
from lockwright.secret import Secret
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.freed import overwrite_freed
from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.fields.rule_list import RuleList
from lockwright_window.speaking import Says

NEW_PIN = N_("New user PIN")


class NewPin(Says):
    """A new PIN to be chosen.

    Args:
        parent: the widget it belongs to.
        policy: its rules, ``runner.policy(token)``; asked in a thread, since a token is asked.
        about: what stands on the token, ``(token.serial, token.identity.label)``.
        label: what it is called, in the language in use; that of a new user PIN by default.
        pastes: see ``PinField``.
    """

    changed = Signal()
    """``ready`` may be another now."""

    def __init__(
        self,
        parent: QWidget | None,
        policy: PinPolicy,
        about: Sequence[str] = (),
        *,
        label: Callable[[], str] = lambda: _(NEW_PIN),
        pastes: bool | None = None,
    ) -> None:
        super().__init__(parent)
        self._policy, self._about = policy, tuple(about)
        self._keeps = False
        self._doubts: tuple[Doubtful, ...] = ()
        self._first = PinEntry(self, label, pastes=pastes)
        self._again = PinEntry(self, lambda: _("The same once more"), pastes=pastes)
        self._rules = RuleList(self, policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (self._first, self._again, self._rules):
            layout.addWidget(each)
        self._first.describe(self._rules.missing)
        self._first.changed.connect(self._judge)
        self._first.field.entered.connect(self._on_entered)
        self._again.changed.connect(self._compare)
        self._again.left.connect(self._compare)

    def ready(self) -> bool:
        """Whether it keeps every rule and was typed twice."""
        return self._keeps and self._same()

    def take(self) -> Secret:
        """The new PIN, for whoever takes it to wipe."""
        return self._first.take()

    def wipe(self) -> None:
        """Overwrite both entries."""
        self._first.wipe()
        self._again.wipe()

    def first(self) -> QWidget:
        """What has the focus."""
        return self._first.field

    def tell(self, words: Callable[[], str]) -> None:
        """Say what is wrong with it, until another one is typed.

        Args:
            words: that, in the language in use.
        """
        self._first.tell(words)

    def say(self) -> None:
        """Its parts say their words themselves."""

    def _judge(self) -> None:
        if not self._first.filled:
            self._keeps, self._doubts = False, ()
            self._rules.judge(None)
        else:
            with self._first.take() as typed:
                broken = self._policy.check(typed, about=self._about)
                self._doubts = doubts(typed)
            overwrite_freed()
            self._keeps = not broken
            self._rules.judge(broken)
        self._first.tell(self._what_is_doubtful)
        self._compare()

    def _what_is_doubtful(self) -> str:
        return " ".join(doubt_text(each) for each in self._doubts)

    def _same(self) -> bool:
        first, again = self._first.field, self._again.field
        return first.begins(again) and again.begins(first)

    def _compare(self) -> None:
        """Say that they differ as soon as that is certain, and not while the second one grows."""
        again, grows = self._again.field, self._again.field.begins(self._first.field)
        differs = again.filled and not self._same() and not (grows and again.hasFocus())
        self._again.tell((lambda: _("The two entries differ.")) if differs else str)
        self.changed.emit()

    def _on_entered(self) -> None:
        if not self.ready():
            self._again.field.setFocus()
