"""A renewal asks for the names that the old certificate has, byte for byte (RFC 7030, 4.2.2)."""

from __future__ import annotations

from base64 import b64decode
from itertools import cycle

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.certificates import parts
from lockwright.enrol.ca import cmp
from lockwright.enrol.ca.cmp_der import directory_name, explicit
from lockwright.enrol.request import build_request
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.trust import der
from lockwright.errors import CaFailed
from lockwright.models import CaOrder, CaProfile
from lockwright.operations.enrolment.orders import Asked
from lockwright.pkcs11.der import elements
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD, Bank
from lockwright_testkit.est_server import Asked as Received
from lockwright_testkit.est_server import EstServer, Reply, certs_only
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa
from lockwright_testkit.real_names import ALTERNATIVES, SUBJECTS, attribute, name, renamed
from lockwright_testkit.sim.simulator import USER_PIN

NAMES = [
    pytest.param(subject, (other,), id=f"{what}; {what_else}")
    for (what, subject), (what_else, other) in zip(SUBJECTS.items(), cycle([*ALTERNATIVES.items()]))
]
"""At least 20 subjects, each with some alternative names."""


@pytest.mark.parametrize(("subject", "others"), NAMES)
def test_a_renewal_asks_for_the_very_names_of_the_old_certificate(
    bank: Bank, subject: bytes, others: tuple[bytes, ...]
) -> None:
    asked: list[bytes] = []

    def issues(received: Received) -> Reply | None:
        if received.method != "POST":
            return None
        asked.append(b64decode(received.body))
        key = x509.load_der_x509_csr(asked[-1]).public_key()
        return certs_only(renamed(bank.server.ca, bank.server.ca.issue(key), subject, *others))

    bank.server.instead = issues
    bank.enrol()
    ca = bank.runner.authorities.get("bank")
    bank.runner.enrolments.renew(bank.storage(), ca, Asked(LOGIN, Secret(PASSWORD)))

    assert len(asked) == 2
    request = parts.of_request(asked[-1])
    assert (request.subject, request.extensions) == (subject, others)
    containers = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    assert [each.key_type for each in containers] == ["ec:p256", "ec:p256"]


@pytest.mark.parametrize(("subject", "others"), NAMES)
def test_a_renewal_over_cmp_asks_for_them_too(
    server: EstServer,
    ca: TestCa,
    key: ec.EllipticCurvePrivateKey,
    subject: bytes,
    others: tuple[bytes, ...],
) -> None:
    """The CA has a name of PrintableString, which would come out as UTF8String if written anew."""
    named = SUBJECTS["all printable"]
    printable = TestCa(renamed(ca, ca.certificate, named), ca.key)
    old = renamed(printable, printable.issue(key.public_key()), subject, *others)
    keys = Keys(key, key)
    info = public_info(key.public_key())
    request = build_request(subject, info, keys.sign_with_new, extensions=others)
    server.script("pkix", Reply(503))
    its = CaProfile(
        "bank",
        "cmp",
        f"{server.url}/pkix",
        anchors=(der(printable.certificate),),
        server_anchors=(der(ca.certificate),),
    )
    with pytest.raises(CaFailed):
        cmp.lockwright_ca_renew(its, CaOrder(request, renews=der(old)), keys)

    (message,) = (asked.body for asked in server.asked)
    (whole,) = elements(message)
    header, body, *_others = elements(whole.content)
    assert directory_name(subject) + directory_name(named) in header.content
    assert explicit(5, subject) in body.content
    assert explicit(9, *others) in body.content
    assert directory_name(named) + parts.of_certificate(der(old)).serial in body.content


@pytest.mark.parametrize(
    ("named", "sent"),
    [
        ("CN=Anna Petrova,O=Bank,C=RU", SUBJECTS["all printable"]),
        ("CN=Branch", name(attribute("2.5.4.3", "Branch"))),
    ],
)
def test_a_ca_that_is_named_in_the_configuration_has_the_name_of_its_certificate(
    server: EstServer, ca: TestCa, order: CaOrder, keys: Keys, named: str, sent: bytes
) -> None:
    anchor = der(renamed(ca, ca.certificate, SUBJECTS["all printable"]))
    server.script("pkix", Reply(503))
    its = CaProfile(
        "bank",
        "cmp",
        f"{server.url}/pkix",
        anchors=(der(ca.certificate), anchor),
        settings={"recipient": named},
    )
    with pytest.raises(CaFailed):
        cmp.lockwright_ca_enrol(its, order, Secret(PASSWORD), keys)
    (message,) = (asked.body for asked in server.asked)
    sender = directory_name(parts.of_request(order.request).subject)
    assert sender + directory_name(sent) in message
