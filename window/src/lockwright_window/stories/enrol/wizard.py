"""The wizard for a new certificate, page by page, in the order of the bank's instruction."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lockwright.enrol.storage import Storage
from lockwright.errors import CaLoginRefused, CaRefused
from lockwright.i18n import _
from lockwright.models import (
    StorageKind,
    StoredCertificate,
    Token,
)
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.orders import Asked
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.enrol.attempt import Acts, Came
from lockwright_window.stories.enrol.ca_story import CaStory
from lockwright_window.stories.enrol.credentials import Credentials
from lockwright_window.stories.enrol.device_page import DevicePage
from lockwright_window.stories.enrol.ground import Ground, cas, ground
from lockwright_window.stories.enrol.own_page import OwnPage
from lockwright_window.stories.enrol.reopen import Reopen
from lockwright_window.stories.enrol.storage_page import StoragePage
from lockwright_window.stories.enrol.success import success
from lockwright_window.stories.enrol.welcome import Welcome
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


class Enrol(CaStory):
    """Gets a new certificate.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token that it is begun at; None for none.
    """

    def __init__(self, program: Program, parent: QWidget, token: Token | None) -> None:
        super().__init__(program, parent, lambda: _("Get a new certificate"))
        self.order.token = token
        self._ground: Ground | None = None
        self._welcome = Welcome(self)
        self._first: Step = self._welcome
        self.show_step(self._welcome)
        self.ask(cas, self._welcome.show_names, self.show_failure)

    # --- before anything is made ----------------------------------------------------------------

    def chooses(self) -> Step:
        """The first page."""
        return self._welcome

    def look(self, runner: Runner, name: str) -> Ground:
        """Ask a CA what it wants, and look where a certificate can go."""
        return ground(runner, name)

    def known(self, found: Ground) -> Step:
        """The login, where the CA asks for one."""
        self._ground = found
        self.order.kind = StorageKind.TOKEN
        if self.order.login_wanted:
            self._first = Credentials(self, self._welcome, self._storage)
            return self._first
        self._first = self._welcome
        return self._storage()

    def _storage(self) -> Step:
        assert self._ground is not None  # noqa: S101  # the CA was asked
        return StoragePage(self, self._ground.states, self._first, self._place)

    def _place(self) -> Step:
        """The page for the place that was chosen."""
        assert self._ground is not None  # noqa: S101  # the CA was asked
        before, kind = self.step, self.order.kind
        if kind is StorageKind.TOKEN:
            return DevicePage(self, before, self._on_token)
        policy, locked = self._ground.policy, self._ground.locked
        assert policy is not None  # noqa: S101  # the CA was asked
        locked = locked and kind is StorageKind.SYSTEM
        return OwnPage(self, kind, policy, locked=locked, before=before, taken=self._on_own)

    # --- it is made -----------------------------------------------------------------------------

    def _on_token(self, page: DevicePage) -> None:
        token, asks = page.token, page.pin
        assert token is not None  # noqa: S101  # the page was ready
        assert asks is not None  # noqa: S101  # the same
        pin, acts, password = asks.take(), *self._acts()
        self.take(
            page,
            lambda: _("The certificate is being made"),
            StorageKind.TOKEN,
            lambda runner: runner.storages.token(token, pin),
            acts,
            [pin, *password],
            last_try=asks.spends_last_try,
        )

    def _on_own(self, page: OwnPage) -> None:
        kind, file = self.order.kind, self.order.file
        keeps = page.password.take()
        opens = page.store.take() if page.store.filled else None
        acts, password = self._acts()

        def opened(runner: Runner) -> Storage:
            if file is not None:
                return runner.storages.file(file, keeps)
            return runner.storages.system(keeps, store_password=opens)

        secrets = [keeps, *([opens] if opens is not None else []), *password]
        self.take(page, lambda: _("The certificate is being made"), kind, opened, acts, secrets)

    def _acts(self) -> tuple[Acts, list[Secret]]:
        """Orders it; and the copy of the one-time password that this takes."""
        order = self.order
        ca, wishes = order.ca, order.wishes
        assert ca is not None  # noqa: S101  # it was asked
        password = copy(order.password)
        asked = Asked(order.login if order.login_wanted else None, password)

        def acts(runner: Runner, storage: Storage, patience: Patience) -> StoredCertificate:
            return runner.enrolments.enrol(storage, ca, asked, wishes=wishes, patience=patience)

        return acts, [] if password is None else [password]

    # --- what came of it ------------------------------------------------------------------------

    def ended(self, came: Came) -> Step:
        """It is in its place and works."""
        return success(self, came)

    def again(self, came: Came) -> Step | None:
        """From the journal, if something is there; else from the page that asks what is missing."""
        if came.entry is not None:
            return Reopen(self, came.entry)
        if isinstance(came.error, CaLoginRefused | CaRefused) and self.order.login_wanted:
            return self._first
        return self._storage()
