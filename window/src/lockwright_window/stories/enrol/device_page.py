"""The page on which a person chooses the token and gives its PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.explain import policy_lines
from lockwright.i18n import _
from lockwright.models import Token, TokenKey
from lockwright.policy import PinPolicy
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lockwright_window.fields.ask_pin import AskPin
from lockwright_window.pieces.labels import text
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.stories import reasons
from lockwright_window.stories.enrol.story import Asks
from lockwright_window.story.step import Step
from lockwright_window.words import enrolment as words
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.story import CertificateStory

_KEY = Qt.ItemDataRole.UserRole
_ROWS = 3


class DevicePage(Asks):
    """Which token, and its PIN.

    Args:
        story: which it belongs to.
        before: the page before.
        taken: goes on, once both are there; it calls ``token`` and ``pin``.
        only: the only token that is meant; None for any.
    """

    def __init__(
        self,
        story: CertificateStory,
        before: Step | None,
        taken: Callable[[DevicePage], None],
        only: TokenKey | None = None,
    ) -> None:
        super().__init__(story)
        self._order, self._before, self._taken, self._only = story.order, before, taken, only
        self._ask = story.ask
        self._known = story.program.known
        self._why_not = ""
        self._policy: PinPolicy | None = None
        self._asked_for: TokenKey | None = None
        self.token: Token | None = None
        """The token that is chosen."""
        self.pin: AskPin | None = None
        """Asks for its PIN."""
        self._told, self._wrong, self._rules = (text(self) for _ in range(3))
        self._list = QListWidget(self)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentItemChanged.connect(lambda _now, _before: self._choose())
        self._place = QVBoxLayout()
        layout = scrolled(self)
        for each in (self._told, self._list, self._wrong):
            layout.addWidget(each)
        layout.addLayout(self._place)
        layout.addWidget(self._rules)
        layout.addStretch()
        self._known.changed.connect(self._on_known)

    def title(self) -> str:
        """As the bank's instruction has it."""
        return _("Choice of the device")

    def before(self) -> Step | None:
        """The page before."""
        return self._before

    def first(self) -> QWidget | None:
        """The PIN, once it is clear whose."""
        found = None if self.pin is None else self.pin.first()
        return found or (self._list if self.pin is None else None)

    def enter(self) -> None:
        """The token that was chosen stays so; the PIN is typed anew."""
        self.say()

    def leave(self) -> None:
        """Nothing secret stays."""
        if self.pin is not None:
            self.pin.wipe()

    def ready(self) -> bool:
        """Whether a token is chosen, and its PIN is there."""
        return (
            self.token is not None
            and self.pin is not None
            and self.pin.ready()
            and not self._why_not
        )

    def go(self) -> None:
        """Go on with it."""
        self._order.token = self.token
        self._taken(self)

    def tell(self, error: Exception) -> bool:
        """Whether it is about the PIN, which says so itself."""
        return self.pin is not None and self.pin.tell(error)

    def say(self) -> None:
        """The tokens, what is wrong, and the rules of the PIN."""
        self._list.setAccessibleName(_("Devices"))
        self._show_tokens()
        self._told.setText(_("Choose the device and enter its PIN (password)."))
        self._wrong.setText(clean(self._why_not))
        self._wrong.setVisible(bool(self._why_not))
        rules = [] if self._policy is None else policy_lines(self._policy)
        points = "\n".join(f"  • {each}" for each in rules)
        self._rules.setText(_("Rules for the PIN of this token:") + f"\n{points}" if rules else "")
        self.changed.emit()

    # --- the tokens -----------------------------------------------------------------------------

    def _on_known(self) -> None:
        """Tokens came or went."""
        if self.story.step is self:
            self.say()

    def _show_tokens(self) -> None:
        chosen = self.token or self._order.token
        self._list.blockSignals(True)  # noqa: FBT003  # Qt's signature
        self._list.clear()
        free = []
        for token in self._known.tokens:
            if self._only is not None and not token.identity.is_it(self._only):
                continue
            why_not = reasons.not_writable(token)
            name = words.device(token)
            item = QListWidgetItem(f"{name}\n{clean(why_not)}" if why_not else name)
            item.setData(_KEY, token.identity.key)
            if why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            else:
                free.append(item)
            self._list.addItem(item)
            if chosen is not None and token.identity.is_it(chosen.identity.key) and not why_not:
                self._list.setCurrentItem(item)
        if self._list.currentItem() is None and len(free) == 1:
            self._list.setCurrentItem(free[0])
        if not self._list.count():
            item = QListWidgetItem(_("No token is connected; insert it."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._list.blockSignals(False)  # noqa: FBT003  # the same
        self._fit()
        self._choose()

    def _fit(self) -> None:
        """The list is as high as what is in it, up to a few rows."""
        rows = [self._list.sizeHintForRow(each) for each in range(self._list.count())]
        frame = 2 * self._list.frameWidth()
        self._list.setFixedHeight(sum(rows[:_ROWS]) + frame + 2)

    def _choose(self) -> None:
        key = next((each.data(_KEY) for each in self._list.selectedItems()), None)
        token = None if key is None else self._known.token(key)
        before = None if self.token is None else self.token.identity.key
        self.token = token
        if token is None or before is None or not token.identity.is_it(before):
            self._ask_for(token)
        self.changed.emit()

    def _ask_for(self, token: Token | None) -> None:
        """Another token is chosen, or none."""
        if self.pin is not None:
            self.pin.wipe()
            self._place.removeWidget(self.pin)
            self.pin.deleteLater()
            self.pin = None
        self._policy, self._why_not, self._asked_for = None, "", None
        self._rules.setText("")
        if token is None:
            return
        self.pin = AskPin(self, token)
        self.pin.changed.connect(self.changed)
        self._place.addWidget(self.pin)
        key = self._asked_for = token.identity.key
        self._ask(
            lambda runner: runner.policy(token),
            lambda policy: self._on_policy(key, policy),
            lambda _error: None,  # the token itself says what it refuses
        )
        if self._only is None:
            self._ask(
                lambda runner: runner.enrolments.refuse_open(token.name, token),
                lambda _none: None,
                lambda error: self._on_open(key, error),
            )

    def _on_policy(self, key: TokenKey, policy: PinPolicy) -> None:
        if self._asked_for == key:
            self._policy = policy
            self.say()

    def _on_open(self, key: TokenKey, error: Exception) -> None:
        """Something unfinished is on this token."""
        if self._asked_for == key:
            self._why_not = told(error).line
            self.say()
