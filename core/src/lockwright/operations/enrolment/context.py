"""What an enrolment works with, and how it is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lockwright.calls.authorities import CaCalls
from lockwright.enrol.journal import Journal, Step
from lockwright.enrol.storage import Storage
from lockwright.errors import Interrupted, ModuleError, TokenBusy, TokenRemoved
from lockwright.i18n import N_
from lockwright.models import CaProfile
from lockwright.secret import Secret

_GO_ON = N_(
    "What was begun is in the journal: continue with lockwright enroll --resume, or undo it"
    " with lockwright enroll --abandon."
)


def _ignored(_step: Step) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How an enrolment is waited for."""

    seconds: float = 0
    """How long the CA may take to decide before the rest is left for another time."""
    on_step: Callable[[Step], None] = _ignored
    """Told of each step before it is taken."""


AT_ONCE = Patience()
"""Nobody waits for the CA, and nobody watches."""


@dataclass(frozen=True, slots=True)
class EnrolmentContext:
    """What an enrolment works with."""

    journal: Journal
    """Where each step is recorded."""
    storage: Storage
    """Where the key and the certificate go."""
    calls: CaCalls
    """The hooks of CA clients."""
    ca: CaProfile
    """The CA."""
    password: Secret | None = None
    """One-time password; None where it is not needed any more."""
    patience: Patience = AT_ONCE
    """How it is waited for."""


@contextmanager
def kept() -> Iterator[None]:
    """Say of what ends an enrolment early that the journal has it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(cost=_GO_ON) from None
    except (ModuleError, TokenRemoved, TokenBusy) as error:
        error.cost = _GO_ON
        raise
