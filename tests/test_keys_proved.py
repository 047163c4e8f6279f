"""``lockwright test``: a signature proves a key and its certificate, and nothing is changed."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from jsonschema import Draft202012Validator
from lockwright import Config, Runner, Secret
from lockwright.errors import NotSupported, PinIncorrect
from lockwright.models import KeyRequest, Outcome, SignatureScheme
from lockwright.pkcs11.constants import CKA, CKM, CKO
from lockwright.pkcs11.standard import user_session
from lockwright.pkcs11.standard.signing import sign_with
from lockwright_jacarta import adapter
from lockwright_testkit.conformance import Subject
from lockwright_testkit.conformance.bench import opened
from lockwright_testkit.conformance.scenes import DATA, ID, fill, issued, verifies
from lockwright_testkit.containers import container, request
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN as SOFTHSM_PIN
from lockwright_testkit.softhsm import AddedToken, SoftHSM

PIN = ("--pin-file", "user.pin")
SCHEMA = files("lockwright.cli") / "schemas" / "test.json"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", SOFTHSM_PIN)
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def trusting(program: Program, ca: TestCa) -> tuple[str, str]:
    (program.home / "ca.pem").write_bytes(pem(ca.certificate))
    config = program.home / "trusting.toml"
    config.write_text(f'[trust]\nanchors = ["{program.home}/ca.pem"]\n')
    return "--config", str(config)


def test_a_key_with_its_certificate_and_one_without_are_proved(
    program: Program, token: AddedToken
) -> None:
    ca = TestCa.root()
    container(ca, "CN=work")
    request("CN=spare")

    done = program.run("test", *PIN, *trusting(program, ca), "--json")

    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(done.document)
    told = {each["label"]: each for each in done.document["proofs"]}
    assert (done.code, done.document["passed"]) == (0, True)
    assert {name: each["outcome"] for name, each in told.items()} == {
        "work": "proved",
        "spare": "proved",
    }
    assert (told["work"]["trusted"], told["work"]["valid"]) == (True, True)
    assert told["spare"]["certificate"] is None
    shown = program.run("test", "work", *PIN)
    assert "The key signs, and the certificate is its own." in shown.out
    assert "Valid until" in shown.out
    assert "spare" not in shown.out


def test_a_certificate_of_a_stranger_or_out_of_date_is_told_apart_from_a_key_that_fails(
    program: Program, token: AddedToken
) -> None:
    container(TestCa.root(), "CN=work")
    strange = program.run("test", *PIN, *trusting(program, TestCa.root("CN=Other CA")))
    assert (strange.code, "The key signs" in strange.out) == (9, True)
    assert "its issuer CN=Test CA is not known" in strange.out


def test_an_expired_certificate_says_when(sim: SimulatorFactory, program: Program) -> None:
    device = sim("jacarta-pki")
    with opened(Subject.simulated(adapter, device)) as bench:
        request = KeyRequest("ec:p256", b"\x01", "late")
        key = bench.generate(bench.pin, request)
        public_key = load_der_public_key(key.public_key)
        assert isinstance(public_key, EllipticCurvePublicKey)
        late = TestCa.root().issue(public_key, starts=timedelta(-9), lasts=timedelta(days=2))
        bench.store(bench.pin, key.id, key.label, late.public_bytes(Encoding.DER))
    program.secret("user.pin", USER_PIN)
    done = program.run("test", *PIN, "--module", device.module)
    assert (done.code, "It expired on" in done.out) == (9, True)


def test_a_certificate_beside_a_key_that_is_not_its_own_is_not_proved(
    sim: SimulatorFactory,
) -> None:
    """It has the id of the key, so every program would take them for a pair."""
    device = sim("jacarta-pki")
    with opened(Subject.simulated(adapter, device)) as bench:
        content = fill(bench)
        assert content.key is not None
        bench.store(bench.pin, content.key.id, "another", issued())
    with Runner(Config(audit=None), modules=[device.module]) as api:
        proofs = api.care.prove(api.find(), Secret(USER_PIN))
    assert sorted(each.outcome for each in proofs) == [Outcome.FAILED, Outcome.PROVED]
    (posing,) = [each for each in proofs if each.outcome is Outcome.FAILED]
    assert (posing.certificate and posing.certificate.object.label) == "another"
    assert posing.reason


def test_a_token_that_refuses_to_sign_is_told(sim: SimulatorFactory, program: Program) -> None:
    device = sim("jacarta-pki")
    with opened(Subject.simulated(adapter, device)) as bench:
        fill(bench)
    program.secret("user.pin", USER_PIN)
    device.fault("C_Sign@1=0x30", "C_Sign@2=0x30")  # the first may only tell whose key it is
    done = program.run("test", *PIN, "--module", device.module, "--json")
    assert (done.code, done.document["passed"]) == (10, False)
    (proof,) = done.document["proofs"]
    assert proof["outcome"] == "refused"
    assert "refused to sign" in proof["reason"]


def test_an_rsa_key_signs_by_pss_where_the_token_has_a_mechanism_for_it(
    sim: SimulatorFactory, program: Program
) -> None:
    """One that hashes, or one for what was hashed; with neither nothing else is signed instead."""
    device, scheme = sim("jacarta-pki"), SignatureScheme.RSA_PSS_SHA256
    with opened(Subject.simulated(adapter, device)) as bench:
        pair = bench.generate(bench.pin, KeyRequest("rsa:2048", ID, "work"))
        with user_session(bench.module, bench.token, bench.pin) as session:
            (key,) = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
            for mechanism in (CKM.SHA256_RSA_PKCS_PSS, CKM.RSA_PKCS_PSS):
                signature = sign_with(session, key, frozenset({mechanism}), scheme, DATA)
                assert verifies(pair.public_key, scheme, signature)
            with pytest.raises(NotSupported):
                sign_with(session, key, frozenset({CKM.RSA_PKCS}), scheme, DATA)
    program.secret("user.pin", USER_PIN)
    done = program.run("test", *PIN, "--module", device.module)
    assert (done.code, "It signs by RSA-PSS, too." in done.out) == (0, True)
    device.fault("C_SignInit@2=0x68")
    refused = program.run("test", *PIN, "--module", device.module, "--json")
    (proof,) = refused.document["proofs"]
    assert (refused.code, proof["outcome"], proof["pss"]) == (0, "proved", "refused")


def test_the_pin_is_used_once_and_nothing_is_changed(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with opened(Subject.simulated(adapter, device)) as bench:
        fill(bench)
    with Runner(Config(audit=None), modules=[device.module]) as api:
        token = api.find()
        before = api.list(token, Secret(USER_PIN)).digest
        device.zero_counts()
        (proof,) = api.care.prove(token, Secret(USER_PIN))
        counts = device.counts()
        assert proof.outcome is Outcome.PROVED
        assert counts["C_Login"] == 1
        assert not {"C_CreateObject", "C_DestroyObject", "C_SetAttributeValue"} & counts.keys()
        assert api.list(token, Secret(USER_PIN)).digest == before
        with pytest.raises(PinIncorrect):
            api.care.prove(token, Secret("Wrong-pin-1"))


def test_an_empty_token_proves_nothing(program: Program, token: AddedToken) -> None:
    done = program.run("test", *PIN)
    assert (done.code, "No private key is on the token" in done.out) == (10, True)
