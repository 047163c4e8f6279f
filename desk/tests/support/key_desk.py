"""A desk with a help desk's HSM beside it, and tokens in its register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from desk_home import Home
from hsm_bank import ADAPTER, MODEL, Bank
from keeping import answered, keeping
from lockwright.files import durable
from lockwright.models import KeyForm
from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody import versions
from lockwright_desk.helpdesk.custody.assigning import Assigned, Wanted, assign
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.importing import Imported, KeyList, import_keys
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.helpdesk.custody.versions import VersionMade
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.words import serial_searched
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import Custody, KeyVersion, Token, TokenState
from sqlalchemy import select

ADMINISTRATOR = Who("root", frozenset({Role.ADMINISTRATOR}))


class KeyDesk:
    """A desk whose keeper has a configuration of its own.

    Args:
        folder: where.
        bank: its HSM, begun.
        database: URL of a database without tables; None for a desk that its command has set up.
    """

    def __init__(self, folder: Path, bank: Bank, database: str | None = None) -> None:
        self.bank = bank
        self.folder = folder
        self.home = Home(folder, extra=f'\n[keeper]\nconfig = "{bank.file}"\n')
        if database is None:
            assert self.home.init().code == 0
        else:
            with closing(Database(database)) as made:
                made.make()
        self._url = database or self.home.settings.database
        self.audit = folder / "audit.jsonl"

    @contextmanager
    def register(self) -> Iterator[Register]:
        """The register, to be changed."""
        with closing(Database(self._url)) as database:
            yield Register(database, Recorder(self.audit), rules_of(AdapterSettings()))

    def add(self, *serials: str, adapter: str = ADAPTER, model: str = MODEL) -> None:
        """Tokens in the register, without keys."""
        with self.register() as register, register.database.writing() as session:
            session.add_all(
                Token(
                    adapter=adapter,
                    model=model,
                    serial=serial,
                    serial_end=serial_searched(serial),
                    label="",
                    state=TokenState.ISSUED.value,
                    state_since=clock.now(),
                    revision=1,
                )
                for serial in serials
            )

    def make(self, custody: Custody) -> VersionMade:
        """The next version of a key."""
        prefix = self.bank.settings.hsm.prefix
        with self.register() as register, self.hsm() as hsm:
            return versions.make(register, ADMINISTRATOR, hsm, prefix, custody)

    def take(
        self,
        rows: Sequence[str],
        form: KeyForm = KeyForm.HEX,
        *,
        adapter: str | None = ADAPTER,
        model: str | None = MODEL,
        replace: bool = False,
    ) -> Imported:
        """Take a list in."""
        keys = KeyList(str(self.file_of("taken.csv", rows)), form, adapter, model)
        with self.register() as register:
            return import_keys(register, ADMINISTRATOR, self.bank.settings, keys, replace=replace)

    def assign(self, custody: Custody, serial: str | None = None) -> Assigned:
        """Give tokens a derived key, or one of their own."""
        wanted = Wanted(custody, ADAPTER, MODEL, serial)
        with self.register() as register, self.hsm() as hsm:
            return assign(register, ADMINISTRATOR, hsm, self.bank.settings, wanted)

    def hsm(self) -> closing[Hsm]:
        """The HSM."""
        return closing(Hsm(self.bank.settings.hsm))

    def record(self, serial: str) -> KeyRecord:
        """The record that the desk asks the keeper with."""
        with self.register() as register, register.database.reading() as session:
            row = session.scalars(select(Token).where(Token.serial == serial)).one()
            number = row.key_version_id
            return key_record(row, session.get(KeyVersion, number) if number else None)

    def response(self, *serials: str) -> list[bytes]:
        """What a keeper answers for tokens of the register."""
        with keeping(self.bank) as client:
            return [answered(client, self.record(serial)) for serial in serials]

    def file_of(self, name: str, rows: Sequence[str]) -> Path:
        """A list of keys that only its owner can read."""
        file = self.folder / name
        durable.replace(file, ("\n".join(rows) + "\n").encode())
        return file
