"""Find the token that is meant, and remember what was connected beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from lockwright.errors import TokenBlank
from lockwright.host.protocol import EVERYTHING, Look
from lockwright.models import Token
from lockwright.operations.detect import Detection, Detector, nothing
from lockwright.operations.selector import (
    modules_in,
    refuse_waiting,
    require_claimed,
    select,
    select_blank,
)


class Finder:
    """Finds tokens.

    Args:
        detector: looks at the modules.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._looking = Lock()
        self._shown: dict[Path, tuple[Token, ...]] = {}

    def detect(
        self,
        named: Sequence[Path] = (),
        look: Look = EVERYTHING,
        begun: Callable[[], object] = nothing,
    ) -> Detection:
        """Every token that is connected now, and what could not be looked at.

        Args:
            named: the only modules to look at; none for all.
            look: what is wanted of each token.
            begun: is called when every module was asked, before any answer is waited for.
        """
        self._detector.require_usable()
        with self._looking:
            seen = self._detector.run(named, look, begun)
            for module in seen.modules:
                here = [each for each in seen.tokens if each.identity.module.path == module]
                self._shown[module] = tuple(here)
        return seen

    def modules(self) -> tuple[Path, ...]:
        """The modules that a look at all of them looks at."""
        self._detector.require_usable()
        with self._looking:
            return self._detector.modules()

    def find(self, selector: str | None, look: Look = EVERYTHING) -> Token:
        """The one token that fits; see ``Runner.find``."""
        seen = self.detect(modules_in(selector), look)
        if not seen.tokens and seen.problems:
            raise seen.problems[0].error
        refuse_waiting(seen, selector)
        return select(seen, selector)

    def to_initialise(self, selector: str | None, *, blank: bool) -> Token:
        """The one token that is to be initialised; see ``TokenCare.find``."""
        look = Look(key_types=False)
        seen = self.detect(modules_in(selector), look)
        if not blank:
            if not seen.tokens and not seen.blank and seen.problems:
                raise seen.problems[0].error
            refuse_waiting(seen, selector)
            with suppress(TokenBlank):
                return select(seen, selector)
        return require_claimed(self._detector.claimed(select_blank(seen, selector)))

    def other_doors(self, token: Token) -> tuple[Path, ...]:
        """Further modules that reach a token's device: they show its serial number, or its reader.

        As far as anyone has looked: a token that was not found here has none.
        """
        own = token.identity
        return tuple(
            module
            for module, shown in list(self._shown.items())
            for other in shown
            if (own.serial and other.serial == own.serial)
            or (own.slot_description and other.identity.slot_description == own.slot_description)
        )
