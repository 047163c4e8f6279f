"""How many calls a module gets for what people wait for; a call to a USB token takes 2 to 30 ms.

Counts do not vary. ``docs/adr/0030`` has what they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.constants import CKA, CKC, CKM, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

SOFTHSM = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
P256 = bytes.fromhex("06082a8648ce3d030107")
PARTS = 3
"""Objects of a container: a private key, a public key, a certificate."""


@pytest.fixture(params=BINDINGS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    file = tmp_path / "config" / "lockwright" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[adapters.softhsm]\nbinding = "{request.param}"\n')
    return made


@pytest.fixture(scope="module")
def certificates() -> Iterator[bytes]:
    """Certificates of one CA for whatever key."""
    ca = TestCa.root()
    key = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    return (ca.issue(key, f"CN=Client {n}").public_bytes(Encoding.DER) for n in range(1000))


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim(settings=SOFTHSM)


def fill(device: Simulator, containers: int, certificates: Iterator[bytes]) -> None:
    """Put containers onto a token: key pairs, and certificates that have their ids and labels."""
    module = load("pykcs11", device.module)
    with module.open_session(module.slots()[0].token.slot) as session:
        session.login(CKU.USER, Secret(USER_PIN))
        for n in range(containers):
            add_container(session, n, next(certificates))
    module.close()


def add_container(session: Session, number: int, certificate: bytes) -> None:
    named: Template = {
        CKA.TOKEN: True,
        CKA.ID: number.to_bytes(2),
        CKA.LABEL: f"container {number}",
    }
    session.generate_key_pair(
        CKM.EC_KEY_PAIR_GEN,
        {**named, CKA.EC_PARAMS: P256},
        {**named, CKA.PRIVATE: True, CKA.SIGN: True},
    )
    session.create(
        {
            **named,
            CKA.CLASS: CKO.CERTIFICATE,
            CKA.CERTIFICATE_TYPE: CKC.X_509,
            CKA.PRIVATE: False,
            CKA.SUBJECT: b"0\0",
            CKA.VALUE: certificate,
        }
    )


def counted(program: Program, device: Simulator, *words: str) -> tuple[int, Ended]:
    """The calls that a command makes, from start to end."""
    device.zero_counts()
    done = program.run(*words, "--module", device.module)
    assert done.code == 0, done.err
    return sum(device.counts().values()), done


@pytest.mark.parametrize("containers", [0, 3, 20])
def test_a_listing_takes_a_call_for_each_object_and_few_beside(
    program: Program, device: Simulator, certificates: Iterator[bytes], containers: int
) -> None:
    fill(device, containers, certificates)

    calls, done = counted(program, device, "list", "--json", "--pin-file", "user.pin")

    parts = [(c["key"], *c["certificates"]) for c in done.document["containers"]]
    assert sum(len(each) for each in parts) >= 2 * containers
    assert calls == 19 + PARTS * containers + (2 if containers else 0), device.counts()


@pytest.mark.parametrize(("words", "most"), [((), 12), (("--json",), 15)], ids=["text", "json"])
@pytest.mark.parametrize("containers", [0, 20])
def test_looking_for_tokens_takes_one_visit_to_a_module(
    program: Program,
    device: Simulator,
    certificates: Iterator[bytes],
    containers: int,
    words: tuple[str, ...],
    most: int,
) -> None:
    """A document says which key types a token makes, too, for three calls."""
    fill(device, containers, certificates)

    calls, done = counted(program, device, "tokens", *words)

    assert device.show()["slot0.serial"] in done.out
    assert calls <= most + containers + (1 if containers else 0), device.counts()
