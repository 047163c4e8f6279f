"""The demo's desk in its folder: configuration, tables, register, keys, and who signs in."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID
from lockwright.certificates import subjects
from lockwright.enrol.soft_key import new_key
from lockwright.i18n import N_
from lockwright.models import KeyForm
from lockwright.secret import Secret

from lockwright_desk import own_files, softhsm
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.cli.demo.people import ADAPTER, CLIENTS, MODEL, WORKERS, Worker
from lockwright_desk.cli.who import administrator
from lockwright_desk.clock import Clock
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration import keeper as keepers
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment.authority import extensions
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.errors import CaKeyUnusable
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody import versions
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.importing import KeyList, import_keys
from lockwright_desk.helpdesk.register.exchange.clients_in import Clients
from lockwright_desk.helpdesk.register.exchange.taking_in import take_in
from lockwright_desk.helpdesk.register.exchange.tokens_in import Tokens
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.initialise import begin
from lockwright_desk.signin import operators, sign_in_codes
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import Custody

NAME = "localhost"
"""Passkeys belong to a name; this one every computer has for itself."""
_TOKEN = "demo"  # noqa: S105  # a label
_KEY_BYTES = 24
_TEMPLATE = Path(__file__).with_name("demo.toml")


@dataclass(frozen=True, slots=True)
class SignsIn:
    """By what somebody of the bank signs in, in the browser."""

    worker: Worker
    code: str
    """To enrol a passkey with, once."""
    file: Path
    """PKCS #12, certificate and key."""
    password: str


@dataclass(frozen=True, slots=True)
class Made:
    """What there is now."""

    settings: Settings
    keys: Mapping[str, bytes]
    """Administrator keys of the simulated tokens, by serial number; no bank's desk has these."""
    workers: Sequence[SignsIn]


def make(folder: Path, port: int, now: Clock) -> Made:
    """Make all of it.

    Args:
        folder: an empty folder for its owner alone.
        port: where the pages will be.
        now: the clock.

    Raises:
        CaKeyUnusable: SoftHSM is not installed.
        LockwrightError: something cannot be made.
    """
    module = softhsm.installed()
    if module is None:
        raise CaKeyUnusable(reason=N_("SoftHSM is not installed"))
    text = _TEMPLATE.read_text(encoding="utf-8").replace("@PORT@", str(port))
    own_files.create(folder / "desk.toml", text.replace("@MODULE@", module.as_posix()).encode())
    settings = configuration.load(folder / "desk.toml")
    begin(settings, now)
    _hsm(folder, module)
    keys = {each.serial: secrets.token_bytes(_KEY_BYTES) for each in CLIENTS}
    with closing(Database(settings.database)) as database:
        recorder = Recorder(settings.audit)
        register = Register(database, recorder, rules_of(settings.adapters), now)
        _register(register)
        _keys(register, folder, keys)
        authority = Authority.open(settings.ca)
        with closing(authority):
            workers = [_signs_in(each, settings, authority, database, now) for each in WORKERS]
    return Made(settings, keys, workers)


def _hsm(folder: Path, module: Path) -> None:
    """A SoftHSM of the keeper's own."""
    softhsm.prepare(folder / "hsm")
    softhsm.use(folder / "hsm")
    with Secret(secrets.token_hex(8)) as pin, Secret(secrets.token_hex(8)) as so_pin:
        own_files.create(folder / "keeper-pin", bytes(pin.buffer))
        softhsm.add_token(module, _TOKEN, so_pin, pin)


def _register(register: Register) -> None:
    who = administrator()
    clients = [
        {"login": each.login, "name": each.name, "phone": each.phone, "grade": each.grade}
        for each in CLIENTS
    ]
    tokens = [
        {
            "adapter": ADAPTER,
            "model": MODEL,
            "serial": each.serial,
            "label": each.login,
            "login": each.login,
        }
        for each in CLIENTS
    ]
    take_in(register, who, Clients(), io.BytesIO(json.dumps(clients).encode()))
    take_in(register, who, Tokens(register), io.BytesIO(json.dumps(tokens).encode()))


def _keys(register: Register, folder: Path, keys: Mapping[str, bytes]) -> None:
    """Each wrapped by the HSM, as a bank takes its list in."""
    who, settings = administrator(), keepers.load(folder / "desk.toml")
    with closing(Hsm(settings.hsm)) as hsm:
        versions.make(register, who, hsm, settings.hsm.prefix, Custody.WRAPPED)
    rows = "".join(f"{serial},{key.hex()}\n" for serial, key in keys.items())
    listed = folder / "keys.csv"
    own_files.create(listed, rows.encode())
    try:
        import_keys(register, who, settings, KeyList(str(listed), KeyForm.HEX, ADAPTER, MODEL))
    finally:
        listed.unlink()


def _signs_in(
    worker: Worker, settings: Settings, authority: Authority, database: Database, now: Clock
) -> SignsIn:
    """An operator with a certificate from the desk's CA, and with a code for a passkey."""
    key = new_key("ec:p256")
    given = [
        (extensions.usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
    ]
    name, who = subjects.parse(f"CN={worker.login}"), at_the_console(administrator().name)
    lasts = settings.ca.validity
    certificate = authority.issue(name, key.public_key(), given, lasts, now())
    operators.add(
        database,
        who,
        worker.login,
        worker.shown,
        worker.roles,
        now(),
        [of_certificate(certificate)],
    )
    password = secrets.token_hex(4)
    content = pkcs12.serialize_key_and_certificates(
        worker.login.encode(), key, certificate, None, BestAvailableEncryption(password.encode())
    )
    file = settings.file.parent / f"{worker.login}.p12"
    own_files.create(file, content)
    if settings.signin is None:
        raise AssertionError("the demo's configuration has no [signin]")
    made = sign_in_codes.make(database, who, worker.login, settings.signin.code_lasts, now())
    with made.text as code:
        return SignsIn(worker, code.reveal_text(), file, password)
