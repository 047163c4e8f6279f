"""What a PKCS#12 file brings beside key and certificate, and whether there is room for it all."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from jsonschema import Draft202012Validator
from lockwright import Config, Runner, Secret
from lockwright.errors import TokenFull
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN as SOFTHSM_PIN
from lockwright_testkit.softhsm import SoftHSM

PASSWORD = "Orchard-Lamp-29"
COMMAND = ("import", "key.p12", "--pin-file", "user.pin", "--key-file-password-file", "p12.pin")


@pytest.fixture
def ca() -> TestCa:
    return TestCa.root("CN=Bank root")


@pytest.fixture
def between(ca: TestCa) -> TestCa:
    return ca.intermediate("CN=Bank sub-CA")


@pytest.fixture
def anchors(tmp_path: Path, ca: TestCa) -> Path:
    file = tmp_path / "ca.pem"
    file.write_bytes(pem(ca.certificate))
    return file


def sealed(issuer: TestCa, *more: x509.Certificate, name: str = "CN=Anna P") -> bytes:
    """A new key, its certificate, and what else is in the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    leaf, encryption = issuer.issue(key.public_key(), name), BestAvailableEncryption
    return pkcs12.serialize_key_and_certificates(
        b"x", key, leaf, more, encryption(PASSWORD.encode())
    )


def taking_over(device_module: Path, anchors: Path) -> Runner:
    config = Config(audit=None, imports=True, trust=(anchors,))
    return Runner(config, modules=[device_module])


def test_the_cas_of_its_own_path_are_written_once_and_only_if_asked(
    tmp_path: Path, softhsm: SoftHSM, ca: TestCa, between: TestCa, anchors: Path
) -> None:
    """Another CA in the file is nobody's; a second key of the same CA finds it there."""
    program = Program(tmp_path)
    softhsm.add_token("Anna")
    program.secret("user.pin", SOFTHSM_PIN)
    program.secret("p12.pin", PASSWORD)
    config = tmp_path / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[import]\nallow = true\n[trust]\nanchors = ["{anchors}"]\n')
    chain = (TestCa.root("CN=Stranger").certificate, between.certificate, ca.certificate)
    answers = []
    for number, asked in enumerate(((), ("--with-cas",), ("--with-cas",))):
        (tmp_path / "key.p12").write_bytes(sealed(between, *chain, name=f"CN=A{number}"))
        answers.append(program.run(*COMMAND, "--yes", *asked, "--json").document)

    schema = json.loads((files("lockwright.cli") / "schemas" / "import.json").read_text())
    Draft202012Validator(schema).validate(answers[1])
    written = [[each["label"] for each in answer["cas"]] for answer in answers]
    assert written == [[], ["Bank sub-CA", "Bank root"], []]
    shown = program.run("list", "--pin-file", "user.pin", "--json").document["containers"]
    labels = sorted(each["label"] for each in shown)
    assert labels == ["A0", "A1", "A2", "Bank root", "Bank sub-CA"]
    assert program.run("test", "--pin-file", "user.pin").code == 0


@pytest.mark.parametrize("step", [4, 5])
def test_a_ca_that_finds_no_room_leaves_nothing_of_it_all(
    step: int, sim: SimulatorFactory, ca: TestCa, between: TestCa, anchors: Path
) -> None:
    device = sim("jacarta-pki")
    data = sealed(between, between.certificate, ca.certificate)
    with taking_over(device.module, anchors) as api:
        found = api.care.open_key_file(data, Secret(PASSWORD))
        device.fault(f"C_CreateObject@{step}=0x31")
        with pytest.raises(TokenFull):
            api.care.take_over(api.find(), Secret(USER_PIN), found, with_cas=True)
        device.clear_faults()
        assert api.list(api.find(), Secret(USER_PIN)).all_objects == ()


def test_what_has_no_room_is_refused_before_anything_is_written(
    sim: SimulatorFactory, ca: TestCa, between: TestCa, anchors: Path
) -> None:
    device = sim("jacarta-pki")
    data = sealed(between, between.certificate, ca.certificate)
    with taking_over(device.module, anchors) as api:
        found, token = api.care.open_key_file(data, Secret(PASSWORD)), api.find()
        api.request(token, Secret(USER_PIN), "CN=Old", key_type="ec:p256")
        made = device.counts().get("C_CreateObject", 0)
        device.set("memory", 1)  # all of it is used
        with pytest.raises(TokenFull) as caught:
            api.care.take_over(token, Secret(USER_PIN), found, with_cas=True)
        assert device.counts().get("C_CreateObject", 0) == made
    assert caught.value.facts["could_go"] == ("Old (no certificate)",)
