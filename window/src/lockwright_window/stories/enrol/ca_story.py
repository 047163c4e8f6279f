"""A story that begins by asking a CA what it wants; one that nobody trusts is confirmed first."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.i18n import _
from lockwright.runner import Runner

from lockwright_window.stories.enrol.confirm import Confirm
from lockwright_window.stories.enrol.ground import Ground, trust
from lockwright_window.stories.enrol.story import CertificateStory
from lockwright_window.story.step import Step


class CaStory(CertificateStory):
    """Asks a CA, then goes on with what it wants."""

    def chooses(self) -> Step | None:
        """The page on which another CA can be chosen."""
        raise NotImplementedError

    def look(self, runner: Runner, name: str) -> Ground:
        """Ask a CA, and whatever else the story has to know; in a thread.

        Raises:
            CaError: it cannot be asked.
        """
        raise NotImplementedError

    def known(self, found: Ground) -> Step:
        """The page after, once the CA has said what it wants."""
        raise NotImplementedError

    def ask_ca(self, name: str) -> None:
        """Ask a CA what it wants, then show the next page."""
        self._ask(lambda runner: self.look(runner, name))

    def _ask(self, call: Callable[[Runner], Ground]) -> None:
        self.work(
            lambda: _("Asking the CA what it wants"), call, self._on_ground, again=self.chooses()
        )

    def _on_ground(self, found: Ground) -> None:
        self.order.ca, self.order.wishes = found.ca, found.wishes
        unknown = found.stranger
        if unknown is None:
            self.show_step(self.known(found))
            return

        def confirmed(runner: Runner) -> Ground:
            trust(runner, found.ca, unknown)
            return self.look(runner, found.ca.name)

        page = Confirm(self, found.ca, unknown, self.chooses(), lambda: self._ask(confirmed))
        self.show_step(page)
