"""What an enrolment works with, and how it is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from enum import StrEnum

from lockwright.calls.authorities import CaCalls
from lockwright.enrol.journal import Journal
from lockwright.enrol.storage import Storage
from lockwright.errors import GO_ON, Interrupted, ModuleError, TokenBusy, TokenRemoved
from lockwright.models import CaProfile
from lockwright.models.steps import Tell, nobody
from lockwright.operations.telling import Teller
from lockwright.records import dataclass
from lockwright.secret import Secret


class Beside(StrEnum):
    """Steps beside those of the journal (``lockwright.enrol.journal.Step``), in their order."""

    ASKING = "asking"
    """The CA is asked what it wants."""
    OPENING = "opening"
    """The place for the key is opened, and looked at."""
    KNOWING = "knowing"
    """The CA is asked for the certificates between its own and those that it issues."""
    LEARNING = "learning"
    """All is done, and the CA is asked when the certificate is to be renewed."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How an enrolment is waited for."""

    seconds: float = 0
    """How long the CA may take to decide, from the first question on, before the rest is left for
    another time."""
    tell: Tell = nobody
    """Told of each step, of ``Beside`` or ``lockwright.enrol.journal.Step``."""


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
    teller: Teller = field(default_factory=lambda: Teller(nobody))
    """Tells of its steps."""


@contextmanager
def kept(cost: str = GO_ON) -> Iterator[None]:
    """Say of what ends an enrolment early what holds then; as a rule, that the journal has it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(cost=cost) from None
    except (ModuleError, TokenRemoved, TokenBusy) as error:
        error.cost = cost
        raise
