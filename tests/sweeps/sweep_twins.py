"""Every operation that sends a PIN, on each of two tokens of one serial number, in every way.

They are in one module or in two; the named one stays, is pulled out before the PIN or the Response
is typed, or the other one is put into its reader meanwhile. A JaCarta's module takes a Response for
a slot, and may be asked nothing before; what is in the named one's reader by then is handed it,
waits for none, and must keep its tries and its PIN (decision 19).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from lockwright.errors import LockwrightError, TokenRemoved
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.twins import OPERATIONS, OTP, Between, Layout, Operation, Twins

CASES = list(product(OPERATIONS, Layout, range(2), Between))


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[tuple[Program, str]]:
    """The program beside a CA and a certificate of a stranger, and its configuration of the CA."""
    ca = TestCa.root()
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    (tmp_path / "leaf.pem").write_bytes(pem(ca.issue(ca.key.public_key(), "CN=Anna")))
    (tmp_path / "key.p12").write_bytes(elsewhere(ca))
    with EstServer(ca, {"anna": OTP}) as server:
        trust = f'trust = ["{tmp_path / "ca.pem"}"]\nsubject = "CN={{login}}"\n'
        bank = f'[ca.bank]\nurl = "{server.url}"\n{trust}'
        yield Program(tmp_path), f"{bank}[import]\nallow = true\n"


def elsewhere(ca: TestCa) -> bytes:
    """A PKCS#12 file of a key that was made elsewhere; its password is what ``otp`` holds."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = ca.issue(key.public_key(), "CN=Anna")
    kept = BestAvailableEncryption(OTP.encode())
    return pkcs12.serialize_key_and_certificates(b"Anna", key, certificate, None, kept)


@pytest.fixture(scope="module")
def tally() -> Iterator[list[bool]]:
    """Whether each run missed; the sum is printed when all are done."""
    misses: list[bool] = []
    yield misses
    print(f"\n{len(misses)} operations, {sum(misses)} misses")  # noqa: T201  # the figure is what the sweep is run for


@pytest.mark.timeout(0)
@pytest.mark.parametrize("case", CASES, ids=["-".join(map(str, each)) for each in CASES])
def test_a_pin_reaches_the_named_one_only(
    computer: tuple[Program, str],
    sim: SimulatorFactory,
    terminal: Terminal,
    tally: list[bool],
    case: tuple[Operation, Layout, int, Between],
) -> None:
    operation, layout, named, between = case
    program, bank = computer
    twins = Twins(program, sim, operation, layout, bank)
    kept = twins.kept()
    code, said = twins.run(terminal, twins.uris()[named], named, between).ends()
    touched = twins.touched()
    stays = between is Between.NOTHING
    handed = stays or (operation.by_slot and between is Between.REPLACED)
    expected = [handed and place == named for place in range(2)]
    tally.append(touched != expected or (not stays and twins.kept() != kept))
    assert not tally[-1], (touched, said)
    assert code not in {None, LockwrightError.exit_code}, said
    assert not (stays and operation.key) or code == 0, said
    assert stays or code == TokenRemoved.exit_code, said
