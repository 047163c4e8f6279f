"""Renewing a certificate: a new key and certificate in place of one that is about to end."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lockwright.cli import phrases
from lockwright.config.authorities import OFFLINE
from lockwright.console.clean import clean
from lockwright.enrol.storage import Storage
from lockwright.errors import CaLoginRefused, CaRefused
from lockwright.i18n import _
from lockwright.models import CaRequirements, StorageKind, StoredCertificate, Token
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.due import Prospect, Why
from lockwright.operations.enrolment.orders import Asked
from lockwright.records import dataclass
from lockwright.runner import Runner
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLabel,
    QRadioButton,
    QWidget,
)

from lockwright_window.pieces.hints import hint
from lockwright_window.pieces.labels import text
from lockwright_window.pieces.scrolled import scrolled
from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.stories.enrol.confirm import Confirm
from lockwright_window.stories.enrol.credentials import Credentials
from lockwright_window.stories.enrol.device_page import DevicePage
from lockwright_window.stories.enrol.ground import Ground, asked_ca, confirmed
from lockwright_window.stories.enrol.reopen import Reopen
from lockwright_window.stories.enrol.story import CertificateStory
from lockwright_window.stories.enrol.success import success
from lockwright_window.story.step import Step
from lockwright_window.words.enrolment import NO_CA

if TYPE_CHECKING:
    from lockwright_window.program import Program


@dataclass(frozen=True, slots=True)
class Found:
    """What can be renewed on a token."""

    prospects: tuple[Prospect, ...]
    """The certificates, the one that ends first before others."""
    cas: tuple[str, ...]
    """The CAs of the configuration that can be asked."""


class Renew(CertificateStory):
    """Renews a certificate on a token.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        container: the container that is meant (``Container.ref``); None for any.
    """

    def __init__(
        self, program: Program, parent: QWidget, token: Token, container: str | None = None
    ) -> None:
        super().__init__(program, parent, lambda: _("Renew a certificate"))
        self.order.token = token
        self._meant = container
        self._choose: Choose | None = None
        self._ground: Ground | None = None
        self._first: Step | None = None
        self.work(
            lambda: _("Looking what is to be renewed"),
            lambda runner: _found(runner, token),
            self._on_found,
        )

    def _on_found(self, found: Found) -> None:
        self._choose = Choose(self, found, self._meant)
        self.show_step(self._choose)

    def ask_ca(self, name: str) -> None:
        """Ask a CA what it wants, then show the next page."""
        self.work(
            lambda: _("Asking the CA what it wants"),
            lambda runner: asked_ca(runner, name),
            self._on_ground,
            again=self._choose,
        )

    def _on_ground(self, found: Ground) -> None:
        self._ground, self.order.ca = found, found.ca
        if found.stranger is not None:
            self.show_step(Confirm(self, found.ca, found.stranger, self._choose, self._confirm))
            return
        wishes = found.wishes or CaRequirements()
        self.order.wishes = wishes
        if wishes.renewal_login:
            self._first = Credentials(self, self._choose, self._device, renewal=True)
        else:
            self._first = self._device()
        self.show_step(self._first)

    def _confirm(self) -> None:
        ground = self._ground
        assert ground is not None  # noqa: S101  # it is what was confirmed
        self.work(
            lambda: _("Asking the CA what it wants"),
            lambda runner: confirmed(runner, ground),
            self._on_ground,
            again=self._choose,
        )

    def _device(self) -> Step:
        token = self.order.token
        only = None if token is None else token.identity.key
        return DevicePage(self, self.step, self._on_token, only)

    def _on_token(self, page: DevicePage) -> None:
        order, choose = self.order, self._choose
        token, asks, ca, wishes = page.token, page.pin, order.ca, order.wishes
        assert token is not None  # noqa: S101  # the page was ready
        assert asks is not None  # noqa: S101  # the same
        assert ca is not None  # noqa: S101  # it was asked
        assert wishes is not None  # noqa: S101  # the same
        assert choose is not None  # noqa: S101  # the same
        pin, password = asks.take(), copy(order.password)
        asked = Asked(order.login if wishes.renewal_login else None, password)
        container, replace = choose.chosen.container.ref, choose.replaces

        def acts(runner: Runner, storage: Storage, patience: Patience) -> StoredCertificate:
            del storage  # a renewal is of a token, which is opened as one
            return runner.enrolments.renew(
                runner.storages.token(token, pin),
                ca,
                asked,
                wishes=wishes,
                container=container,
                replace=replace,
                patience=patience,
            )

        self.take(
            page,
            lambda: _("The certificate is being renewed"),
            StorageKind.TOKEN,
            lambda runner: runner.storages.token(token, pin),
            acts,
            [pin, *([] if password is None else [password])],
            last_try=asks.spends_last_try,
        )

    def ended(self, came: Came) -> Step:
        """It is in its place and works."""
        removed = self._choose is not None and self._choose.replaces
        return success(self, came, removed=removed)

    def again(self, came: Came) -> Step | None:
        """From the journal, if something is there; else from the page that asks what is missing."""
        if came.entry is not None:
            return Reopen(self, came.entry)
        if isinstance(came.error, CaLoginRefused | CaRefused):
            return self._first
        return self._device()


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
        self._rows: list[tuple[Prospect, QRadioButton, QLabel]] = []
        layout = scrolled(self)
        layout.addWidget(self._told)
        for prospect in found.prospects:
            button, about = QRadioButton(self), text(self)
            about.setIndent(24)
            button.setEnabled(prospect.why is not Why.EXPIRED)
            self._group.addButton(button)
            self._rows.append((prospect, button, about))
            layout.addWidget(button)
            layout.addWidget(about)
        for each in (self._label, self._cas, self._replace):
            layout.addWidget(each)
        layout.addStretch()
        free = [row for row in self._rows if row[1].isEnabled()]
        for prospect, button, _about in free[:1] + [
            row for row in free if row[0].container.ref == meant
        ]:
            del prospect
            button.setChecked(True)
        self._group.buttonToggled.connect(lambda _button, _on: self._show_cas())
        self._show_cas()

    @property
    def chosen(self) -> Prospect:
        """What is chosen."""
        return next(prospect for prospect, button, _about in self._rows if button.isChecked())

    @property
    def replaces(self) -> bool:
        """Whether the old container goes in the end."""
        return self._replace.isChecked()

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
        for prospect, button, about in self._rows:
            button.setText(clean(prospect.container.name).replace("&", "&&"))
            ends = phrases.date(prospect.ends)
            told = _("{subject}, valid to {date}").format(
                subject=clean(prospect.certificate.subject or "-"), date=ends
            )
            if prospect.why is Why.EXPIRED:
                told = _("It has expired; get a new certificate instead.")
            about.setText(told)
            about.setToolTip(hint(told))  # a name without a space has no second line
            button.setAccessibleDescription(told)
            button.setToolTip("" if button.isEnabled() else hint(told))
        self._label.setText(_("CA that renews it"))
        self._replace.setText(_("Remove the old container once the new one works"))
        self._replace.setVisible(bool(self._rows))
        self._show_cas()

    def _about(self) -> str:
        if not any(button.isEnabled() for _prospect, button, _about in self._rows):
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


def _found(runner: Runner, token: Token) -> Found:
    """What can be renewed, each CA asked for its word where it may be asked."""
    runner.enrolments.refuse_open(token.name, token)
    prospects = runner.renewals.asked(runner.list(token))
    known = runner.config.authorities.items()
    return Found(
        tuple(sorted(prospects, key=lambda prospect: prospect.ends)),
        tuple(name for name, settings in known if settings.kind != OFFLINE),
    )


def begin(program: Program, parent: QWidget, token: Token, container: str | None = None) -> Renew:
    """Open it.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
        container: the container that is meant (``Container.ref``); None for any.
    """
    return Renew(program, parent, token, container)
