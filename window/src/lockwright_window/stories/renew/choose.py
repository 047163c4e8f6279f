"""The page on which a person chooses which certificate is renewed, and by which CA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.operations.enrolment.due import Prospect, Why
from lockwright.records import dataclass
from lockwright.runner import Runner
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QLabel, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.pieces.option import Option
from lockwright_window.stories.enrol.ground import cas
from lockwright_window.story.step import Step
from lockwright_window.words.enrolment import NO_CA

if TYPE_CHECKING:
    from lockwright_window.stories.renew.story import Renew


@dataclass(frozen=True, slots=True)
class Found:
    """What can be renewed on a token."""

    prospects: tuple[Prospect, ...]
    """The certificates, the one that ends first before others."""
    cas: tuple[str, ...]
    """The CAs of the configuration that can be asked."""


def prospects(runner: Runner, token: Token) -> Found:
    """What can be renewed, each CA asked for its word where it may be asked."""
    runner.enrolments.refuse_open(token.name, token)
    found = runner.renewals.asked(runner.list(token))
    return Found(tuple(sorted(found, key=lambda prospect: prospect.ends)), cas(runner))


class Choose(Step):
    """Which certificate.

    Args:
        story: which it belongs to.
        found: what can be renewed.
        meant: the container that is meant; None for any.
    """

    def __init__(self, story: Renew, found: Found, meant: str | None) -> None:
        super().__init__(story)
        self._renew, self._found = story, found
        self._told = text(self)
        self._group = QButtonGroup(self)
        self._label, self._cas = QLabel(self), QComboBox(self)
        self._label.setBuddy(self._cas)
        self._replace = QCheckBox(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        self._options = [(prospect, Option(self, layout)) for prospect in found.prospects]
        for _prospect, option in self._options:
            self._group.addButton(option)
        for each in (self._label, self._cas, self._replace):
            layout.addWidget(each)
        layout.addStretch()
        wanted = [option for prospect, option in self._free if prospect.container.ref == meant]
        for option in (*wanted, *(option for _prospect, option in self._free))[:1]:
            option.setChecked(True)
        self._group.buttonToggled.connect(lambda _button, _on: self._show_cas())
        self._show_cas()

    @property
    def chosen(self) -> Prospect:
        """What is chosen."""
        return next(prospect for prospect, option in self._options if option.isChecked())

    @property
    def replaces(self) -> bool:
        """Whether the old container goes in the end."""
        return self._replace.isChecked()

    @property
    def _free(self) -> list[tuple[Prospect, Option]]:
        """What can be renewed: an expired certificate cannot."""
        return [row for row in self._options if row[0].why is not Why.EXPIRED]

    def title(self) -> str:
        """What is asked."""
        return _("Which certificate is to be renewed?")

    def first(self) -> QWidget | None:
        """The choice."""
        return self._group.checkedButton()

    def ready(self) -> bool:
        """Whether there is something to renew, and a CA."""
        return self._group.checkedButton() is not None and bool(self._cas.count())

    def go(self) -> None:
        """Ask the CA."""
        self._renew.ask_ca(self._cas.currentData())

    def say(self) -> None:
        """What can be renewed."""
        self._told.setText(self._about())
        expired = _("It has expired; get a new certificate instead.")
        for prospect, option in self._options:
            told = _("{subject}, valid to {date}").format(
                subject=clean(prospect.certificate.subject or "-"),
                date=phrases.date(prospect.ends),
            )
            why_not = expired if prospect.why is Why.EXPIRED else ""
            option.tell(clean(prospect.container.name), told, why_not=why_not)
        self._label.setText(_("CA that renews it"))
        self._replace.setText(_("Remove the old container once the new one works"))
        self._replace.setVisible(bool(self._options))
        self._show_cas()

    def _about(self) -> str:
        if not self._free:
            return _("No certificate is seen on the token that can be renewed. Get a new one.")
        if not self._found.cas:
            return _(NO_CA)
        return _("A new key and a new certificate are made. The old ones stay until they work.")

    def _show_cas(self) -> None:
        """The CA, which is asked for only where it is not clear."""
        if self._group.checkedButton() is None:
            names: tuple[str, ...] = ()
        else:
            names = self.chosen.cas or self._found.cas
        if [self._cas.itemData(each) for each in range(self._cas.count())] != list(names):
            self._cas.clear()
            for name in names:
                self._cas.addItem(clean(name), name)
        for each in (self._label, self._cas):
            each.setVisible(len(names) > 1)
        self.changed.emit()
