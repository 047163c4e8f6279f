"""A help desk without its pages: clients with tokens, people with roles, a clock that is set."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from lockwright.keys.response import KeyInHand
from lockwright.models import KeyForm
from lockwright.secret import Secret
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.configuration.helpdesk import (
    AnswerLimits,
    HelpdeskSettings,
    SecondSettings,
)
from lockwright_desk.errors import OperatorThere
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.register import client_rows
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.signin import operators
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Case, CaseChange, CaseState, Way
from lockwright_desk.store.tables.register import Custody, Token, TokenState
from lockwright_jacarta.respond import respond
from lockwright_jacarta.tokens import Applet
from sqlalchemy import ColumnElement, func, select

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
"""A Wednesday."""
NO_SECOND = SecondSettings(month=None, suspended=False, new_holder=None, outside_hours=False)
NO_LIMITS = AnswerLimits(token_day=None, client_day=None)
EASY = HelpdeskSettings(limits=NO_LIMITS, second=NO_SECOND)
"""Nothing that a test does not ask for itself."""
RULES = rules_of(AdapterSettings())
ANNA = Who("anna", frozenset({Role.OPERATOR}), "Анна")
BORIS = Who("boris", frozenset({Role.OPERATOR}), "Борис")
VERA = Who("vera", frozenset({Role.APPROVER}), "Вера")
AUDITOR = Who("gleb", frozenset({Role.AUDITOR}), "Глеб")
_HEARD = (
    (Act.OPEN, CaseState.OPEN),
    (Act.VERIFY, CaseState.VERIFIED),
    (Act.TAKE_REQUEST, CaseState.VERIFIED),
    (Act.HEAR_WORDS, CaseState.VERIFIED),
)
"""What was done until the words were heard."""
_numbers = itertools.count(1)


class Keys:
    """A keeper that has each key in hand: 3DES of what the serial number hashes to."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        """The Requests, as they came."""
        self.given: list[Secret] = []
        self.before: Callable[[], None] = lambda: None
        """What happens before it answers."""

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """As an HSM would."""
        self.asked.append(request)
        self.before()
        response = response_of(key.serial, request)
        self.given.append(response)
        return response


def response_of(serial: str, request: bytes) -> Secret:
    """The Response of a token that ``Bench.token`` made."""
    key = KeyInHand(Secret(sha256(serial.encode()).digest()[:24]))
    return Secret(respond(Applet.PKI.value, request, key))


@dataclass
class Bench:
    """Replicas of one help desk."""

    database: Database
    folder: Path
    settings: HelpdeskSettings = EASY
    keys: Keys = field(default_factory=Keys)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.audit = Recorder(self.folder / "audit.jsonl")
        self.desk = self.replica()

    def replica(self, database: Database | None = None) -> HelpDesk:
        """Another one over the same database."""
        return HelpDesk(self.parts(database))

    def parts(self, database: Database | None = None) -> Parts:
        """What a replica works with."""
        return Parts(
            database or self.database,
            self.audit,
            self.keys,
            self.settings,
            RULES,
            clock=lambda: self.now,
        )

    def set(self, **settings: object) -> None:
        """Set some of ``[helpdesk]``."""
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]
        self.desk = self.replica()

    def account(self, who: Who) -> Who:
        """Give somebody the account that everybody has who signs in."""
        console = at_the_console("tests")
        with suppress(OperatorThere):
            operators.add(self.database, console, who.name, who.shown, [*who.roles], self.now)
        return who

    def client(self, **given: str) -> int:
        """A client of the bank's, with a number on record."""
        number = next(_numbers)
        values = {
            "login": f"client-{number}",
            "name": f"Клиент {number}",
            "phone": "+7 495 000-00-00",
            "email": f"client-{number}@example.com",
            **given,
        }
        with self.database.writing() as session:
            return client_rows.add(session, values, self.now - timedelta(days=900)).id

    def token(
        self,
        client: int | None = None,
        *,
        state: TokenState = TokenState.ISSUED,
        held: timedelta = timedelta(days=400),
        custody: Custody | None = Custody.OBJECT,
    ) -> int:
        """A token in the hands of a client, by default of a new one."""
        holder = self.client() if client is None else client
        serial = f"0B53{next(_numbers):012}"
        row = Token(
            adapter="jacarta",
            model=Applet.PKI.value,
            serial=serial,
            serial_end=serial[::-1].casefold(),
            label="Токен",
            state=state,
            state_since=self.now - held,
            revision=1,
            client_id=holder,
            held_since=self.now - held,
            custody=custody,
            key_label=f"admin-{serial}",
            key_form=KeyForm.HEX,
        )
        with self.database.writing() as session:
            session.add(row)
        return row.id

    def verified(self, token: int | None = None, who: Who = ANNA) -> CaseSeen:
        """A case whose caller was verified."""
        case = self.desk.open(who, self.token() if token is None else token, Way.DICTATED)
        return self.desk.verify(who, case.at, "call-back")

    def heard(
        self, token: int | None = None, who: Who = ANNA, request: bytes | None = None
    ) -> CaseSeen:
        """A case whose Request and words were heard; it is put there, which is soon done."""
        number = self.token() if token is None else token
        row = Case(
            number=f"{secrets.randbelow(10**8):08}",
            token_id=number,
            way=Way.DICTATED,
            state=CaseState.VERIFIED,
            revision=len(_HEARD),
            wrong_checks=0,
            opened_at=self.now,
            opened_by=who.name,
            verified_by_means="call-back",
            verified_at=self.now,
            request=request or new_request(),
            words_heard="ёлка ёлка",
        )
        with self.database.writing() as session:
            holder = session.get_one(Token, number).client_id
            assert holder is not None
            row.client_id = holder
            session.add(row)
            session.flush()
            session.add_all(
                CaseChange(
                    case_id=row.id, at=self.now, by=who.name, act=act, state=state, facts="{}"
                )
                for act, state in _HEARD
            )
        return self.desk.case(who, row.number)

    def ready(
        self, token: int | None = None, who: Who = ANNA, request: bytes | None = None
    ) -> CaseSeen:
        """A case that is ready, or waits for a second person."""
        case = self.heard(token, who, request)
        return self.desk.give_grounds(who, case.at, "забыл PIN", "INC-4711")

    def answered(
        self, token: int | None = None, who: Who = ANNA, request: bytes | None = None
    ) -> CaseSeen:
        """A case that was answered."""
        case = self.ready(token, who, request)
        self.desk.answer(who, case.at).wipe()
        return self.desk.case(who, case.number)

    def closed(self, token: int | None = None, outcome: Act = Act.WORKED) -> CaseSeen:
        """A case that was answered and closed."""
        return self.desk.close(ANNA, self.answered(token).at, outcome)

    def count(self, table: type, *where: ColumnElement[bool]) -> int:
        """Rows of a table."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def new_request() -> bytes:
    """A Request that no token has made yet."""
    return secrets.token_bytes(8)
