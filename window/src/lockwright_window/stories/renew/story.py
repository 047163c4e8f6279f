"""Renewing a certificate: a new key and certificate in place of one that is about to end."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lockwright.enrol.storage import Storage
from lockwright.errors import CaLoginRefused, CaRefused
from lockwright.i18n import _
from lockwright.models import CaRequirements, StorageKind, StoredCertificate, Token
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.orders import Asked
from lockwright.runner import Runner
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.stories.enrol.ca_story import CaStory
from lockwright_window.stories.enrol.credentials import Credentials
from lockwright_window.stories.enrol.device_page import DevicePage
from lockwright_window.stories.enrol.ground import Ground, asked_ca
from lockwright_window.stories.enrol.reopen import Reopen
from lockwright_window.stories.enrol.success import success
from lockwright_window.stories.renew.choose import Choose, Found, prospects
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


class Renew(CaStory):
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
        self._first: Step | None = None
        self.work(
            lambda: _("Looking what is to be renewed"),
            lambda runner: prospects(runner, token),
            self._on_found,
        )

    def _on_found(self, found: Found) -> None:
        self._choose = Choose(self, found, self._meant)
        self.show_step(self._choose)

    def chooses(self) -> Step | None:
        """The page with the certificates and the CAs."""
        return self._choose

    def look(self, runner: Runner, name: str) -> Ground:
        """Ask a CA what it wants: where the certificate goes is known."""
        return asked_ca(runner, name)

    def known(self, found: Ground) -> Step:
        """The login, where the CA asks for one at a renewal."""
        wishes = found.wishes or CaRequirements()
        self.order.wishes = wishes
        if wishes.renewal_login:
            self._first = Credentials(self, self._choose, self._device, renewal=True)
        else:
            self._first = self._device()
        return self._first

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
