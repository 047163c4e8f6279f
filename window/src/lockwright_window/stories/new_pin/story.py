"""The story of a new user PIN: which page comes after which."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lockwright.errors import LockwrightError, ResponseMalformed, ResponseWrong
from lockwright.i18n import _
from lockwright.models import PinStatus, Token
from lockwright.operations.remote import RemoteUnblock
from lockwright.policy import PinPolicy
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QWidget

from lockwright_window.stories.new_pin.held import Held
from lockwright_window.stories.new_pin.pin_page import PinPage
from lockwright_window.stories.new_pin.request_page import RequestPage
from lockwright_window.stories.new_pin.void import Void
from lockwright_window.story.ended import Ended
from lockwright_window.story.failed import Failed
from lockwright_window.story.frame import Story
from lockwright_window.words import unblocked
from lockwright_window.words.ways import Way, ways

if TYPE_CHECKING:
    from lockwright_window.life.program import Program

_WIDTH, _HEIGHT = 680, 470
"""It fits on a screen of 1920 x 1080 at 200 %."""


class NewPinStory(Story):
    """A new PIN in place of one that was lost.

    Args:
        program: the program.
        parent: the window it belongs to.
        token: the token.
    """

    def __init__(self, program: Program, parent: QWidget, token: Token) -> None:
        super().__init__(program, parent, lambda: _("Set a new user PIN"))
        self.begin_with_size(_WIDTH, _HEIGHT)
        self.token = token
        self._pins: PinPage | None = None
        self._held: Held | None = None
        self._new: Secret | None = None

    def begin(self) -> None:
        """Read the rules for a PIN, then ask for one."""
        token = self.token
        self.work(lambda: _("Reading the rules for a PIN…"), lambda r: r.policy(token), self._ask)

    def ask_for_request(self, new: Secret | None) -> None:
        """Have the token make a Request.

        Args:
            new: the new PIN, which is kept for one more Request and wiped; None keeps the old one.
        """
        self.forget()
        self._new = new
        self._make_request()

    def make_another(self) -> None:
        """Have the token make another Request, with the same PIN if that was kept."""
        if self._pins is None:
            return
        if self._new is None and not self._pins.way.keeps_pin:
            self.show_step(self._pins)
        else:
            self._make_request()

    def give(self, page: RequestPage, response: Secret, by: str) -> None:
        """Give a Response to the token.

        Args:
            page: where it was waited for.
            response: it; it is wiped.
            by: who answered over the line; empty where it was typed.
        """
        held = self._held
        if held is None:
            return

        def call(_runner: Runner) -> PinStatus | None:
            try:
                return held.pending.complete(response)
            finally:
                if not held.pending.pending:
                    held.end()

        def failed(error: Exception) -> None:
            if isinstance(error, ResponseMalformed) and held.pending.pending:
                page.malformed(error)
                self.show_step(page)
            else:
                self.request_over(error)

        self.work(
            lambda: unblocked.giving(by),
            call,
            lambda status: self._done(status, by),
            failed=failed,
            secrets=[response],
        )

    def request_over(self, error: Exception) -> None:
        """The Request is void: say why, and offer a new one.

        The new PIN is kept only where its owner is seen to be there, who has just given a Response.
        """
        if not isinstance(error, ResponseWrong):
            self.forget()
        self._end_request()
        self.show_step(Void(self, error))

    def unblock_here(self, way: Way, secret: Secret, new: Secret | None, *, last: bool) -> None:
        """Unblock with a secret that is at hand.

        Args:
            way: by which.
            secret: it; it is wiped.
            new: the new PIN; it is wiped. None keeps the old one.
            last: whether its last try may be spent.
        """
        token = self.token

        def call(runner: Runner) -> PinStatus | None:
            with runner.last_try(agreed=last):
                return runner.unblock(token, secret, new, way=way.way)

        def failed(error: Exception) -> None:
            page = self._pins
            if page is not None and isinstance(error, LockwrightError) and page.tell(error):
                self.show_step(page)
                return
            if page is not None:
                page.wipe()
            self.show_step(Failed(self, error, page))

        self.work(
            lambda: _("Setting the new PIN…"),
            call,
            self._done,
            failed=failed,
            secrets=[secret, *([] if new is None else [new])],
        )

    def leave(self) -> None:
        """Nothing waits, and nothing is kept."""
        self._end_request()
        self.forget()
        if self._pins is not None:
            self._pins.wipe()
        super().leave()

    def _ask(self, policy: PinPolicy) -> None:
        self._pins = PinPage(self, ways(self.token), policy)
        self.show_step(self._pins)

    def _make_request(self) -> None:
        known = self.program.known
        token = known.token(self.token.identity.key) or self.token
        new = copy.copy(self._new)

        def call(runner: Runner) -> RemoteUnblock:
            known.hold()  # not before: what is stopped before it begins would release nothing
            try:
                return runner.begin_unblock(token, new)
            except BaseException:
                known.release()
                raise

        def give_up(pending: RemoteUnblock) -> None:
            Held(self.program, pending).end()

        def failed(error: Exception) -> None:
            self.forget()
            self.show_step(Failed(self, error, self._pins))

        self.work(
            lambda: _("Asking the token for a Request…"),
            call,
            self._wait,
            failed=failed,
            unwanted=give_up,
            secrets=[] if new is None else [new],
        )

    def _wait(self, pending: RemoteUnblock) -> None:
        self._held = Held(self.program, pending)
        self.show_step(RequestPage(self, self._held))

    def _done(self, status: PinStatus | None, by: str = "") -> None:
        keeps = self._pins is not None and self._pins.way.keeps_pin
        self._end_request()
        self.forget()
        if self._pins is not None:
            self._pins.wipe()  # it keeps a new PIN while a wrong secret beside it may be corrected
        self.show_step(
            Ended(
                self,
                lambda: unblocked.title(keeps_pin=keeps),
                lambda: unblocked.words(self.token, status, by, keeps_pin=keeps),
            )
        )

    def _end_request(self) -> None:
        if self._held is not None:
            self._held.end()
            self._held = None

    def forget(self) -> None:
        """Wipe the new PIN that is kept for one more Request."""
        if self._new is not None:
            self._new.wipe()
            self._new = None
