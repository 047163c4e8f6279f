"""What an enrolment works with, and how it is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from lockwright.calls.authorities import CaCalls
from lockwright.enrol.journal import Journal, Step
from lockwright.enrol.storage import Storage
from lockwright.errors import GO_ON, Interrupted, ModuleError, TokenBusy, TokenRemoved
from lockwright.models import CaProfile
from lockwright.secret import Secret


def _ignored(*_news: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How an enrolment is waited for."""

    seconds: float = 0
    """How long the CA may take to decide, from the first question on, before the rest is left for
    another time."""
    on_step: Callable[[Step], None] = _ignored
    """Told of each step before it is taken."""
    on_wait: Callable[[datetime, datetime], None] = _ignored
    """Told of each wait: when the CA is asked again, and when nobody waits any more, both UTC."""


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
        raise Interrupted(cost=GO_ON) from None
    except (ModuleError, TokenRemoved, TokenBusy) as error:
        error.cost = GO_ON
        raise
