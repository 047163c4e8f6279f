"""A story at whose end there is a certificate: attempts at it, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from lockwright.errors import (
    CaLoginRefused,
    CaRefused,
    EnrolmentWaits,
    Stopped,
)
from lockwright.models import StorageKind
from lockwright.operations.enrolment.context import Patience
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.enrol.attempt import PATIENCE, Acts, Came, Opens, attempt
from lockwright_window.stories.enrol.held import Held
from lockwright_window.stories.enrol.not_worked import Case, NotWorked
from lockwright_window.stories.enrol.order import Order
from lockwright_window.stories.enrol.taking import Taking
from lockwright_window.story.failed import Failed
from lockwright_window.story.frame import Story
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from lockwright_window.life.program import Program

T = TypeVar("T")


class Asks(Step):
    """A page that asks for secrets, and is shown again where one is wrong."""

    def tell(self, error: Exception) -> bool:
        """Say why it is shown again.

        Returns:
            Whether the error is about what was typed here, and there is use in typing it again.
        """
        raise NotImplementedError


class CertificateStory(Story):
    """Gets a certificate, or goes on with one.

    Args:
        program: the program.
        parent: the window it belongs to.
        name: what the story is called, in the language in use.
    """

    def __init__(self, program: Program, parent: QWidget, name: Callable[[], str]) -> None:
        super().__init__(program, parent, name)
        self.order = Order()

    def show_failure(self, error: Exception, again: Step | None = None) -> None:
        """Show an error that ends it; see ``Failed``."""
        self.show_step(Failed(self, error, again))

    def take(
        self,
        page: Asks,
        title: Callable[[], str],
        kind: StorageKind,
        opens: Opens,
        acts: Acts,
        secrets: Sequence[Secret],
        *,
        last_try: bool = False,
    ) -> None:
        """Attempt it.

        Args:
            page: what asked for the secrets.
            title: what is done, in the language in use.
            kind: where the certificate goes.
            opens: opens the place.
            acts: orders the certificate, or goes on.
            secrets: what is wiped when it has ended.
            last_try: whether the person agreed to spend the last try of the PIN.
        """
        steps = Taking(self, kind, title)
        patience = Patience(PATIENCE, steps.tell)
        call = attempt(kind, opens, acts, patience, last_try=last_try)
        self.work(steps, call, lambda came: self._came(page, came), secrets=secrets)

    def ended(self, came: Came) -> Step:
        """The page that says that it went well."""
        raise NotImplementedError

    def again(self, came: Came) -> Step | None:
        """The page from which it is tried again; None where that is no use."""
        raise NotImplementedError

    def case(self, _came: Came) -> Case:
        """What is to be said to whoever is called."""
        ca = self.order.ca
        return Case(
            ca="" if ca is None else ca.name,
            login=self.order.login or None,
            contact="" if ca is None else ca.contact,
        )

    def leave(self) -> None:
        """Close without a question; nothing secret stays."""
        self.order.wipe()
        super().leave()

    def _came(self, page: Asks, came: Came) -> None:
        error = came.error
        if error is None:
            self.order.wipe()
            self.show_step(self.ended(came))
            return
        if isinstance(error, CaLoginRefused | CaRefused):
            self.order.wipe()
        if page.tell(error):
            self.show_step(page)
        elif isinstance(error, Stopped | EnrolmentWaits):
            self.show_step(Held(self, came, self.again(came)))
        else:
            self.order.tries += 1
            again = self.again(came)
            self.show_step(NotWorked(self, came, self.order.tries, self.case(came), again))
