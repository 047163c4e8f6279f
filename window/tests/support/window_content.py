"""Puts onto a simulated token what a story needs there, before its window is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.bindings import load
from lockwright.config import Config
from lockwright.models import Listing, Token
from lockwright.pkcs11.constants import CKA, CKC, CKO, CKU
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.filling import fill
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim import USER_PIN, Simulator

YEAR = timedelta(days=365)
_CA = TestCa.root()


@contextmanager
def runner(device: Simulator) -> Iterator[tuple[Runner, Token]]:
    """A runner that sees one simulated token alone.

    Args:
        device: the token, plugged in.
    """
    with seen_alone(device), Runner(Config(audit=None), modules=[device.module]) as made:
        yield made, made.find()


@contextmanager
def seen_alone(device: Simulator) -> Iterator[None]:
    """In the block this process and its children see one simulated token alone."""
    before = dict(os.environ)
    os.environ.update(device.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def put_certificate(
    device: Simulator, subject: str, *, lasts: timedelta = YEAR, label: str | None = None
) -> None:
    """Put a key pair and its certificate onto a token, also one that has expired.

    Args:
        device: the token.
        subject: RFC 4514.
        lasts: how long the certificate is valid, from yesterday on; less than a day has expired.
        label: of both; None for the common name.
    """
    with runner(device) as (made, token):
        asked = made.request(token, Secret(USER_PIN), subject, label=label)
        certificate = x509.load_pem_x509_certificate(_CA.answer(asked.pem.encode(), lasts=lasts))
        module = load("pykcs11", device.module)
        with module.open_session(token.identity.slot) as session:
            session.login(CKU.USER, Secret(USER_PIN))
            session.create(
                {
                    CKA.TOKEN: True,
                    CKA.ID: asked.key.id,
                    CKA.LABEL: asked.key.label,
                    CKA.CLASS: CKO.CERTIFICATE,
                    CKA.CERTIFICATE_TYPE: CKC.X_509,
                    CKA.PRIVATE: False,
                    CKA.SUBJECT: certificate.subject.public_bytes(),
                    CKA.VALUE: certificate.public_bytes(Encoding.DER),
                }
            )
        module.close()


def fill_up(device: Simulator, containers: int, *, alone: int = 0) -> None:
    """Put many containers onto a token, fast; see ``lockwright_testkit.filling.fill``."""
    with seen_alone(device):
        fill(device.module, containers, alone=alone)


def content(device: Simulator) -> Listing:
    """Everything on a token."""
    with runner(device) as (made, token):
        return made.list(token, Secret(USER_PIN))
