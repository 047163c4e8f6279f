"""An HSM of the help desk: a SoftHSM in a folder with the keys of every custody, and its keeper."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desk_home import DESK, Ended, environment
from lockwright.files import durable
from lockwright.keys.response import KeyInHand
from lockwright.models import KeyForm
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO
from lockwright.pkcs11.secret_keys import NestedTemplate
from lockwright.secret import Secret
from lockwright_desk.configuration import keeper as configuration
from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody import hsm_keys, templates
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.helpdesk.custody.schemes import WRAPPED_RFC3394
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.templates import TOKEN_KEY
from lockwright_desk.helpdesk.custody.token_keys import seal
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

TOKEN = "bankhsm"
PREFIX = "lockwright"
REQUEST = bytes.fromhex("A892D75601617C5D")
ADAPTER, MODEL = "jacarta", "JaCarta Laser"
"""A model whose Response is the Request, encrypted."""
_LONGEST = 60


@dataclass
class Bank:
    """A folder with an HSM, and the configuration of a keeper."""

    folder: Path
    pin: str = USER_PIN
    extra: str = ""
    """What else ``[keeper]`` says."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Limits in place of ones that no test reaches."""
    tables: str = ""
    """Further tables."""

    def __post_init__(self) -> None:
        self.home = self.folder / "hsm"
        self.home.mkdir()
        self.softhsm = SoftHSM(self.home)
        self.module = self.softhsm.module
        self.file = self.folder / "keeper.toml"

    def begin(self) -> None:
        """Make the token, the file with its PIN, and the configuration; no key yet."""
        self.token = self.softhsm.add_token(TOKEN, user_pin=self.pin)
        durable.create(self.folder / "keeper-pin", f"{self.pin}\n".encode())
        self.write()

    @contextmanager
    def through(self, module: Path) -> Iterator[None]:
        """Another module before the HSM's own, for the block."""
        self.module = module
        self.write()
        try:
            yield
        finally:
            self.module = self.softhsm.module
            self.write()

    def write(self) -> None:
        """Write the configuration."""
        most = dict.fromkeys(("per_hour", "per_day", "per_token"), 100_000) | dict(self.limits)
        limits = "\n".join(f"{name} = {number}" for name, number in most.items())
        self.file.write_text(
            f'[keeper]\nmodule = "{self.module}"\ntoken = "{TOKEN}"\n'
            f'softhsm = "{self.home}"\n{self.extra}\n[keeper.limits]\n{limits}\n{self.tables}'
        )

    @contextmanager
    def saying(
        self, extra: str, limits: Mapping[str, int] = MappingProxyType({}), *, tables: str = ""
    ) -> Iterator[None]:
        """Something else in the configuration, for the block, and for another keeper."""
        before = self.extra, self.limits, self.tables
        socket = "" if "socket" in extra else 'socket = "another.sock"\n'
        self.extra, self.limits = f'{socket}counts = "{secrets.token_hex(4)}.db"\n{extra}', limits
        self.tables = tables
        self.write()
        try:
            yield
        finally:
            self.extra, self.limits, self.tables = before
            self.write()

    @property
    def settings(self) -> KeeperSettings:
        """The configuration, read."""
        return configuration.load(self.file)

    @contextmanager
    def session(self) -> Iterator[HsmSession]:
        """A session in this process, as whoever holds the PIN has it."""
        with closing(Hsm(replace(self.settings.hsm, sessions=1))) as hsm:
            found: list[HsmSession] = []
            hsm.done(found.append)
            yield found[0]

    def make_keys(self, prefix: str = PREFIX) -> None:
        """A key of each kind, version 1."""
        with self.session() as session:
            for kind in Kind:
                hsm_keys.make(session, kind, hsm_keys.label_of(prefix, kind, 1))

    def master(self, value: bytes) -> None:
        """A master key that is known, brought in as from a ceremony."""
        self.bring(hsm_keys.label_of(PREFIX, Kind.MASTER, 1), value, {CKA.DERIVE: True})

    def wrapping_key(self, value: bytes) -> None:
        """A wrapping key that is known."""
        uses: NestedTemplate = {
            CKA.WRAP: True,
            CKA.UNWRAP: True,
            CKA.UNWRAP_TEMPLATE: TOKEN_KEY,
        }
        self.bring(hsm_keys.label_of(PREFIX, Kind.WRAPPING, 1), value, uses)

    def bring(self, label: str, value: bytes, more: NestedTemplate) -> None:
        """An AES key of a known value, with further attributes."""
        template: dict[int, Any] = {
            CKA.CLASS: CKO.SECRET_KEY,
            CKA.KEY_TYPE: CKK.AES,
            CKA.LABEL: label,
            CKA.VALUE: value,
            **templates.KEPT,
            **templates.UNUSED,
            **more,
        }
        with self.session() as session:
            session.keys.create(template)

    def bring_object(self, label: str, value: bytes) -> None:
        """A key of one token, as an object of its own."""
        with self.session() as session:
            session.objects.create(
                {**TOKEN_KEY, CKA.TOKEN: True, CKA.LABEL: label, CKA.VALUE: Secret(value)}
            )

    def record(
        self, serial: str, custody: Custody, *, value: bytes = b"", model: str = MODEL
    ) -> KeyRecord:
        """A sealed record of a token."""
        with self.session() as session:
            return self.sealed(session, serial, custody, value, model)

    def sealed(
        self,
        session: HsmSession,
        serial: str,
        custody: Custody,
        value: bytes,
        model: str = MODEL,
        *,
        prefix: str = PREFIX,
    ) -> KeyRecord:
        """The same, in a session."""
        record = KeyRecord(ADAPTER, model, serial, custody, KeyForm.HEX)
        if custody is Custody.OBJECT:
            record = replace(record, label=serial)
        else:
            kind = Kind(custody.value)
            label = hsm_keys.label_of(prefix, kind, 1)
            handle = hsm_keys.of_label(session, kind, label)
            version = KeyVersionOf(1, label, hsm_keys.mark(session, kind, handle))
            record = replace(record, version=version)
            if custody is Custody.WRAPPED:
                clear = session.objects.create(templates.to_be_wrapped(Secret(value)))
                with session.temporary(clear) as key:
                    wrapped = session.keys.wrap(CKM.AES_KEY_WRAP, handle, key)
                record = replace(record, wrapped=bytes([WRAPPED_RFC3394]) + wrapped)
        return replace(record, seal=seal(session, prefix, record))

    def run(self, *arguments: str) -> Ended:
        """Run a command with the keeper's configuration."""
        done = DESK.run(
            [*arguments, "--config", self.file],
            environment=environment("C.UTF-8"),
            folder=self.folder,
            stdin="",
            pass_fds=(),
            timeout=_LONGEST,
        )
        return Ended(done.returncode, done.stdout, done.stderr)


def expected(value: bytes, request: bytes = REQUEST) -> bytes:
    """The Response, by software."""
    return KeyInHand(Secret(value)).des3_ecb(request)
