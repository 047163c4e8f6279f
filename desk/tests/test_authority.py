"""The CA's key: never to be read, ready again after its sessions are lost, and the right one."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from lockwright.bindings.loader import load
from lockwright.console.secret_files import from_file
from lockwright.errors import PinIncorrect
from lockwright.models import SignatureScheme
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.standard.sessions import user_session
from lockwright_desk.configuration.settings import TokenSettings
from lockwright_desk.enrolment.authority.token import TokenKey, the_token
from lockwright_desk.errors import CaKeyUnusable

SCHEME = SignatureScheme.ECDSA_SHA256


@pytest.fixture
def token(fresh: Home) -> TokenSettings:
    """The token of a desk that is set up."""
    fresh.init()
    settings = fresh.settings.ca.token
    assert settings is not None
    return settings


@pytest.fixture
def key(token: TokenSettings) -> Iterator[TokenKey]:
    with closing(TokenKey(token)) as opened:
        yield opened


def check(key: TokenKey, signature: bytes, data: bytes) -> None:
    public = key.key.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, data, ec.ECDSA(hashes.SHA256()))


def test_the_private_key_cannot_be_read_or_taken_out(token: TokenSettings) -> None:
    with (
        closing(TokenKey(token)),
        closing(load("python-pkcs11", token.module)) as module,
        from_file(str(token.pin_file)) as pin,
        user_session(module, the_token(module, token), pin) as session,
    ):
        (handle,) = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
        values = session.read(handle, [CKA.SENSITIVE, CKA.EXTRACTABLE, CKA.VALUE])

    assert values == {CKA.SENSITIVE: b"\1", CKA.EXTRACTABLE: b"\0"}


def test_a_token_outlives_whoever_is_ended_while_it_lets_him_in(token: TokenSettings) -> None:
    """A worker that is told to end while it starts; SoftHSM writes its token at each login."""
    assert token.softhsm is not None
    for milliseconds in range(0, 60, 2):
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                TokenKey(token)
            os._exit(0)
        time.sleep(milliseconds / 1000)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        (kept,) = token.softhsm.glob("tokens/*/token.object")
        assert kept.stat().st_size > 0

    TokenKey(token).close()


def test_many_threads_sign_at_once(key: TokenKey) -> None:
    data = [bytes([each]) * 32 for each in range(60)]

    with ThreadPoolExecutor(12) as threads:
        signatures = list(threads.map(lambda each: key.sign(SCHEME, each), data))

    for signature, signed in zip(signatures, data, strict=True):
        check(key, signature, signed)


def test_a_token_that_lost_its_sessions_is_opened_again(
    key: TokenKey, token: TokenSettings
) -> None:
    """What a network HSM does when its line breaks: every session and the login are gone."""
    cryptoki = Cryptoki(token.module)
    cryptoki.finalize()
    cryptoki.initialize()

    with ThreadPoolExecutor(8) as threads:
        signatures = list(threads.map(lambda _each: key.sign(SCHEME, b"data"), range(16)))

    for signature in signatures:
        check(key, signature, b"data")


def test_a_token_that_is_away_is_used_again_when_it_is_back(
    key: TokenKey, token: TokenSettings
) -> None:
    assert token.softhsm is not None
    tokens, away = token.softhsm / "tokens", token.softhsm / "away"
    tokens.rename(away)
    tokens.mkdir()
    Cryptoki(token.module).finalize()

    for _each in range(2):
        with pytest.raises((CaKeyUnusable, CkrError)):
            key.sign(SCHEME, b"data")
    tokens.rmdir()
    away.rename(tokens)

    check(key, key.sign(SCHEME, b"data"), b"data")


def test_a_pin_that_was_wrong_is_not_tried_again(key: TokenKey, token: TokenSettings) -> None:
    """Else every request would spend a try, and lock the HSM."""
    right = token.pin_file.read_text()
    token.pin_file.write_text("wrong-pin")
    Cryptoki(token.module).finalize()

    with pytest.raises(PinIncorrect):
        key.sign(SCHEME, b"data")
    token.pin_file.write_text(right)
    with pytest.raises(PinIncorrect):
        key.sign(SCHEME, b"data")


def test_a_client_is_told_to_come_back_when_the_token_is_gone(fresh: Home) -> None:
    """Nothing was issued, so the password is as good as before once the token is back."""
    fresh.init()
    login, key = new_login(), new_key()
    password = fresh.otp(login)
    softhsm = fresh.folder / "softhsm"
    with fresh.serving() as server:
        client = Client(server)
        (fresh.folder / "softhsm" / "tokens").rename(softhsm / "away")
        gone = client.enroll(request(key, ""), login=login, password=password)
        (softhsm / "away").rename(softhsm / "tokens")
        back = client.enroll(request(key, ""), login=login, password=password)

    assert (gone.status, gone.headers["retry-after"]) == (503, "60")
    assert gone.text == "The CA cannot sign now; repeat the same request later.\n"
    assert back.status == 200


def test_the_certificate_of_another_key_is_noticed_at_the_start(fresh: Home, home: Home) -> None:
    fresh.init()
    shutil.copy(home.ca, fresh.ca)

    ended = fresh.run("serve")

    assert ended.code == 30
    assert (
        "The key of the CA cannot be used: it is not the key of the CA's certificate." in ended.err
    )


@pytest.mark.parametrize("key_type", ["rsa:2048", "ec:p384"])
def test_the_ca_may_have_another_key(tmp_path: Path, key_type: str) -> None:
    home = Home(tmp_path, changes={'key_type = "ec:p256"': f'key_type = "{key_type}"'})
    home.init()
    password = home.otp("anna")

    with home.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login="anna", password=password)

    ca = x509.load_pem_x509_certificate(home.ca.read_bytes())
    reply.certificate.verify_directly_issued_by(ca)


def in_a_file(text: str) -> str:
    """The configuration of ``init`` with the CA's key in a file."""
    begin, end = text.index("# The CA's key is in a token."), text.index("[audit]")
    return text[:begin] + 'key_file = "ca-key.pem"\n\n' + text[end:]


def test_the_key_may_be_in_a_file_that_is_its_owners_alone(fresh: Home) -> None:
    fresh.init()
    fresh.ca.unlink()
    (fresh.folder / "server.pem").unlink()
    fresh.file.write_text(in_a_file(fresh.file.read_text()))

    made = fresh.run("init")
    key_file = fresh.folder / "ca-key.pem"
    mode = key_file.stat().st_mode & 0o777
    password = fresh.otp("anna")
    with fresh.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login="anna", password=password)
    key_file.chmod(0o640)
    exposed = fresh.run("serve")

    assert "The CA's key is in" in made.out
    assert mode == 0o600
    assert reply.status == 200
    assert exposed.code == 30
    assert f"others can read {key_file}" in exposed.err


def test_a_certificate_ends_with_its_ca_at_the_latest(tmp_path: Path) -> None:
    home = Home(tmp_path, changes={'key_type = "ec:p256"': 'key_type = "ec:p256"\ndays = 20'})
    home.init()
    password = home.otp("anna")

    with home.serving() as server:
        reply = Client(server).enroll(request(new_key(), ""), login="anna", password=password)

    ca = x509.load_pem_x509_certificate(home.ca.read_bytes())
    assert reply.certificate.not_valid_after_utc == ca.not_valid_after_utc


def test_a_key_whose_certificate_is_there_is_not_made_anew(fresh: Home) -> None:
    fresh.init()
    shutil.rmtree(fresh.folder / "softhsm")

    ended = fresh.run("init")

    assert ended.code == 30
    assert "there is its certificate" in ended.err
