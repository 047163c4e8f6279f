"""Tokens for the corpus: a SoftHSM or a simulated device, each with a healthy container on it."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.pkcs11.constants import CKA, CKC, CKK, CKO
from lockwright.pkcs11.der import encode
from lockwright_testkit.pki import TestCa
from lockwright_testkit.raw import RawModule, Value, started
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import CONF_VARIABLE, USER_PIN, SoftHSM, module_path

HEALTHY = "Healthy"
"""Label of the healthy container, and the common name of its certificate."""
HEALTHY_ID = b"\xfe\xed"
P256 = bytes.fromhex("06082a8648ce3d030107")
_OCTET_STRING = 0x04
_TEN_YEARS = timedelta(days=3650)
_CA = TestCa.root()
_KEY = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())


class Refused(Exception):
    """The module does not take an object."""


@dataclass
class CorpusToken:
    """A token, for an entry to put things on."""

    module: Path
    """The module that shows it."""
    serial: str
    """Its serial number; empty where it has none."""
    pin: str = USER_PIN
    """Its user PIN."""
    options: tuple[str, ...] = ()
    """What every command needs to see it."""
    made: dict[str, object] = field(default_factory=dict)
    """What an entry keeps of its making, for its own checks."""

    @contextmanager
    def session(self) -> Iterator[tuple[RawModule, int]]:
        """The module, and a session of its user."""
        with started(self.module) as raw:
            slots = (slot for slot in raw.slots() if self._is_mine(raw, slot))
            session = raw.open(next(slots))
            if rv := raw.login(session, self.pin):
                raise Refused(f"C_Login: {rv:#x}")
            yield raw, session

    def create(self, *objects: Mapping[int, Value]) -> None:
        """Put objects on the token.

        Raises:
            Refused: the module does not take one.
        """
        with self.session() as (raw, session):
            for attributes in objects:
                rv, _handle = raw.create(session, {CKA.TOKEN: True, **attributes})
                if rv:
                    raise Refused(f"C_CreateObject: {rv:#x} of {dict(attributes)}")

    def certificate(self, der: bytes, *, key_id: bytes = b"", label: str = "odd") -> None:
        """Put a certificate on the token, whatever is in it; its id is made of it, if not given."""
        own = hashlib.sha1(der, usedforsecurity=False).digest()[:8]
        self.create(certificate(der, key_id=key_id or own, label=label))

    def retype_certificate(self, kind: int) -> None:
        """Give the certificate that was put on a SoftHSM last a ``CKA_CERTIFICATE_TYPE``.

        SoftHSM takes none of types 1 and 2, and refuses every look at one whose file has it.

        Args:
            kind: the type.
        """
        folder = Path(os.environ[CONF_VARIABLE]).parent
        file = max(folder.rglob("*.object"), key=lambda found: found.stat().st_mtime_ns)
        before, after = (struct.pack(">QQQ", CKA.CERTIFICATE_TYPE, 2, n) for n in (0, kind))
        assert file.read_bytes().count(before) == 1
        file.write_bytes(file.read_bytes().replace(before, after))

    def tool(self, *command: str | Path) -> str:
        """Run somebody else's tool, which sees the token as this process does."""
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise Refused(f"{command}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def _is_mine(self, raw: RawModule, slot: int) -> bool:
        found = bytes(raw.token_info(slot).serial).decode(errors="replace").strip()
        return not self.serial or found == self.serial


class Makers:
    """Makes tokens, which this process and its children see.

    Args:
        soft: a SoftHSM with one token, a healthy container on it.
        sim: makes simulated devices.
    """

    def __init__(self, soft: Callable[[], CorpusToken], sim: SimulatorFactory) -> None:
        self._soft = soft
        self.sim = sim

    def softhsm(self) -> CorpusToken:
        """A SoftHSM token with a healthy container."""
        return self._soft()

    def simulated(self, device: Simulator, *, healthy: bool = True) -> CorpusToken:
        """A simulated device as a token; ``sim`` made it.

        Args:
            device: the device.
            healthy: whether to put a healthy container on it.
        """
        token = CorpusToken(device.module, "", options=("--module", str(device.module)))
        if healthy:
            token.create(*healthy_container())
        return token


def soft_template(folder: Path) -> SoftHSM:
    """A SoftHSM with one token that has a healthy container; to be copied for each entry."""
    made = SoftHSM(folder)
    with _environment(made.environment):
        serial = made.add_token("Corpus").serial
        CorpusToken(made.module, serial).create(*healthy_container())
    return made


def soft_copy(template: SoftHSM, folder: Path) -> tuple[SoftHSM, CorpusToken]:
    """A copy of a SoftHSM; its environment is still to be set."""
    made = SoftHSM(folder)
    made.copy_tokens(template)
    return made, CorpusToken(module_path(), "")


def healthy_container() -> tuple[Mapping[int, Value], ...]:
    """A key pair and its certificate, valid for ten more years at the least."""
    issued = _CA.issue(_KEY.public_key(), f"CN={HEALTHY}", lasts=_TEN_YEARS)
    point = _KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    common: Mapping[int, Value] = {
        CKA.KEY_TYPE: CKK.EC,
        CKA.ID: HEALTHY_ID,
        CKA.LABEL: HEALTHY,
        CKA.EC_PARAMS: P256,
    }
    number = _KEY.private_numbers().private_value.to_bytes(32)
    return (
        {CKA.CLASS: CKO.PRIVATE_KEY, CKA.PRIVATE: True, **common, CKA.VALUE: number},
        {CKA.CLASS: CKO.PUBLIC_KEY, **common, CKA.EC_POINT: encode(_OCTET_STRING, point)},
        certificate(issued.public_bytes(Encoding.DER), key_id=HEALTHY_ID, label=HEALTHY),
    )


def certificate(der: bytes, *, key_id: bytes, label: str = "odd") -> Mapping[int, Value]:
    """A certificate object, whatever is in it."""
    return {
        CKA.CLASS: CKO.CERTIFICATE,
        CKA.CERTIFICATE_TYPE: CKC.X_509,
        CKA.PRIVATE: False,
        CKA.ID: key_id,
        CKA.LABEL: label,
        CKA.SUBJECT: b"\x30\x00",
        CKA.VALUE: der,
    }


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
