"""A desk with a help desk's HSM beside it, and tokens in its register."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from desk_home import Home
from hsm_bank import ADAPTER, MODEL, Bank
from lockwright.files import durable
from lockwright_desk import clock
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.records import key_record
from lockwright_desk.helpdesk.register.words import serial_searched
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import KeyVersion, Token, TokenState
from sqlalchemy import select


class KeyDesk:
    """A desk whose keeper has a configuration of its own.

    Args:
        folder: where.
        bank: its HSM, begun.
        database: URL; None for SQLite.
    """

    def __init__(self, folder: Path, bank: Bank, database: str | None = None) -> None:
        self.bank = bank
        self.home = Home(folder, database, extra=f'\n[keeper]\nconfig = "{bank.file}"\n')
        assert self.home.init().code == 0

    def add(self, *serials: str, adapter: str = ADAPTER, model: str = MODEL) -> None:
        """Tokens in the register, without keys."""
        with (
            closing(Database(self.home.settings.database)) as database,
            database.writing() as session,
        ):
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

    def record(self, serial: str) -> KeyRecord:
        """The record that the desk asks the keeper with."""
        with (
            closing(Database(self.home.settings.database)) as database,
            database.reading() as session,
        ):
            row = session.scalars(select(Token).where(Token.serial == serial)).one()
            number = row.key_version_id
            return key_record(row, session.get(KeyVersion, number) if number else None)

    def file_of(self, name: str, rows: Sequence[str]) -> Path:
        """A list of keys that only its owner can read."""
        file = self.home.folder / name
        durable.replace(file, ("\n".join(rows) + "\n").encode())
        return file
