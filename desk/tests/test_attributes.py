"""``/csrattrs``: what clients read out of it, by RFC 8951 and by RFC 9908."""

from __future__ import annotations

import base64
import subprocess
from datetime import timedelta

import pytest
from desk_client import Client
from lockwright.enrol.ca.csrattrs import wishes_in
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.enrolment.est.attributes import wished

COUNTRY, ORGANISATION, UNIT, NAME = "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.3"
INN_OF_A_FIRM, UID = "1.2.643.100.4", "0.9.2342.19200300.100.1.1"


def profile(*key_types: str, subject: str = "CN={name},O=Bank,C=RU") -> Profile:
    day = timedelta(days=1)
    return Profile("p", subject, key_types, (), (), day, day, approval=False, retry_after=day)


def listed(der: bytes) -> list[str]:
    """Types and values as openssl lists them."""
    done = subprocess.run(
        ["openssl", "asn1parse", "-inform", "DER"], input=der, check=True, capture_output=True
    )
    return [" ".join(line.split()[5:]) for line in done.stdout.decode().splitlines()]


@pytest.mark.parametrize(
    ("key_types", "attribute", "signature"),
    [
        (("ec:p256",), [":id-ecPublicKey", ":prime256v1"], ":ecdsa-with-SHA256"),
        (("ec:p384", "rsa:2048"), [":id-ecPublicKey", ":secp384r1"], ":ecdsa-with-SHA384"),
        (("ec:p521",), [":id-ecPublicKey", ":secp521r1"], ":ecdsa-with-SHA512"),
        (("rsa:3072", "ec:p256"), [":rsaEncryption", ":0C00"], ":sha256WithRSAEncryption"),
    ],
)
def test_the_preferred_key_is_told(
    key_types: tuple[str, ...], attribute: list[str], signature: str
) -> None:
    der = wished(profile(*key_types))

    said = [line.rpartition(" ")[2] for line in listed(der)]
    assert wishes_in(der).key_types == key_types[:1]
    assert said[2] == attribute[0]
    assert said[4] == attribute[1]
    assert said[5] == signature


def test_the_template_leaves_open_what_differs_from_person_to_person() -> None:
    wishes = wishes_in(wished(profile("ec:p256", subject="CN={name},OU=Staff {login},O=Bank,C=RU")))

    russia, bank = b"\x13\x02RU", b"\x0c\x04Bank"
    assert wishes.subject == (
        ((COUNTRY, russia),),
        ((ORGANISATION, bank),),
        ((UNIT, None),),
        ((NAME, None),),
    )
    assert not wishes.channel_binding


def test_the_template_has_what_stands_together_and_the_string_types_of_the_certificate() -> None:
    subject = "CN={name}+UID={login},INNLE=7700000000,O=#130442616e6b"
    wishes = wishes_in(wished(profile("ec:p256", subject=subject)))

    assert wishes.subject == (
        ((ORGANISATION, b"\x13\x04Bank"),),
        ((INN_OF_A_FIRM, b"\x12\x0a7700000000"),),
        ((NAME, None), (UID, None)),
    )


@pytest.mark.parametrize(
    ("path", "key_type"),
    [("/.well-known/est/csrattrs", "ec:p256"), ("/.well-known/est/rsa/csrattrs", "rsa:2048")],
)
def test_anybody_may_ask(client: Client, path: str, key_type: str) -> None:
    reply = client.get(path)

    assert reply.headers["content-type"] == "application/csrattrs"
    assert wishes_in(base64.b64decode(reply.body, validate=True)).key_types == (key_type,)
