"""Puts containers onto the one token that is there, in this process: no command is started.

What tests of other things need on a token comes so; that the commands do the same is for the tests
of the commands to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lockwright.config import Config
from lockwright.models import CertificateRequest, StoredCertificate, Token
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.softhsm import USER_PIN

_KEY_TYPE = "ec:p256"
_YEAR = timedelta(days=365)


def request(subject: str) -> CertificateRequest:
    """Make a key pair and a request.

    Args:
        subject: RFC 4514; its CN labels the key.
    """
    with _token() as (runner, token):
        return runner.request(token, Secret(USER_PIN), subject, key_type=_KEY_TYPE)


def container(ca: TestCa, subject: str, *, lasts: timedelta = _YEAR) -> StoredCertificate:
    """Make a key pair and its certificate.

    Args:
        ca: the CA.
        subject: RFC 4514; its CN labels both.
        lasts: how long the certificate is valid, from yesterday on.
    """
    with _token() as (runner, token), TemporaryDirectory() as folder:
        trust = Path(folder, "ca.pem")
        trust.write_bytes(pem(ca.certificate))
        made = runner.request(token, Secret(USER_PIN), subject, key_type=_KEY_TYPE)
        certificate = ca.answer(made.pem.encode(), lasts=lasts)
        return runner.install(token, Secret(USER_PIN), certificate, trust=[trust])


@contextmanager
def _token() -> Iterator[tuple[Runner, Token]]:
    with Runner(Config(audit=None), isolate=False) as runner:
        yield runner, runner.find()
