"""``openssl cmp`` as a server: every way to ask with every answer that it can be told to give.

A sample of it is ``core/tests/enrol/test_cmp_statuses.py`` and its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.ca import cmp
from lockwright.enrol.request import build_request
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.trust import der
from lockwright.errors import CaAnswerBroken, CaError, CaFailed, CaLoginRefused
from lockwright.models import CaOrder, Issued, Refused
from lockwright.secret import Secret
from lockwright_testkit.bank import LOGIN, PASSWORD
from lockwright_testkit.cmp_server import CmpServer
from lockwright_testkit.memory_keys import Keys
from lockwright_testkit.pki import TestCa, pem

ORDERS = ("p10cr", "ir", "cr", "kur")
LOGINS, MOMENTS = {1, 23}, {3, 14, 21, 24, 25, 26}
ISSUED, DENIED, LOGIN_DENIED, NOT_NOW = "issued", "refused", "login refused", "not now"
NOT_BELIEVED, NOT_FINAL = "not believed", "refused, not for good"
REFUSES = ("-pkistatus", "2")
ANSWERS: dict[tuple[str, ...], str] = {
    (): ISSUED,
    **{("-pkistatus", f"{status}"): ISSUED for status in (1, 4, 5, 6)},
    **{
        (*REFUSES, "-failure", f"{bit}"): LOGIN_DENIED
        if bit in LOGINS
        else NOT_NOW
        if bit in MOMENTS
        else DENIED
        for bit in range(27)
    },
    REFUSES: DENIED,
    ("-send_error",): DENIED,
    ("-send_unprotected",): NOT_BELIEVED,
    (*REFUSES, "-send_unprot_err"): LOGIN_DENIED,
}
"""What comes of a first asking that the password protects, by options of the server."""


@dataclass(frozen=True)
class Case:
    """One order at one server."""

    how: str
    signed: bool
    """Whether the server signs what it says, and knows no password."""
    implicit: bool
    polled: bool
    answer: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        implicit = ("-grant_implicitconf",) if self.implicit else ()
        return (*self.answer, *implicit, *(("-poll_count", "1") if self.polled else ()))

    @property
    def expected(self) -> str:
        """What must come of it."""
        usual = ANSWERS[self.answer]
        unprotected = "-send_unprot_err" in self.answer
        if unprotected and (self.how == "kur" or self.polled):
            return NOT_BELIEVED  # the old key was known, or the password was
        if usual == LOGIN_DENIED and self.how == "kur":
            usual = DENIED
        # An error comes at once; what else is refused after a wait may have been issued.
        late = self.polled and self.answer != ("-send_error",)
        return NOT_FINAL if usual == DENIED and late else usual


class Desk:
    """Somebody with a key, and a CA."""

    def __init__(self) -> None:
        self.ca = TestCa.root()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.keys = Keys(self.key, self.key)
        self.old = self.ca.issue(self.key.public_key())
        subject = x509.Name.from_rfc4514_string("CN=Anna Petrova").public_bytes()
        info = public_info(self.key.public_key())
        self.request = build_request(subject, info, self.keys.sign_with_new)

    def outcome(self, case: Case, folder: Path) -> str:
        """What comes of an order."""
        password = None if case.signed else PASSWORD
        issued = pem(self.old)
        options = case.options
        with CmpServer(
            folder, self.ca, issued, login=LOGIN, password=password, options=options
        ) as server:
            try:
                return self._asked(case, server)
            except CaLoginRefused:
                return LOGIN_DENIED
            except CaAnswerBroken:
                return NOT_BELIEVED
            except CaFailed:
                return NOT_NOW
            except CaError as error:
                return repr(error)

    def _asked(self, case: Case, server: CmpServer) -> str:
        if case.how == "kur":
            order = CaOrder(self.request, renews=der(self.old))
            answer = cmp.lockwright_ca_renew(server.profile(self.ca), order, self.keys)
        else:
            its = server.profile(self.ca, request=case.how, iterations=100)
            order = CaOrder(self.request, LOGIN)
            answer = cmp.lockwright_ca_enrol(its, order, Secret(PASSWORD), self.keys)
        match answer:
            case Issued(certificate) if certificate == der(self.old):
                return ISSUED
            case Refused(final=final):
                return DENIED if final else NOT_FINAL
        return repr(answer)


@pytest.mark.timeout(0)
def test_openssl_cmp_in_every_mode(tmp_path: Path) -> None:
    desk = Desk()
    both = (False, True)
    cases = [Case(*each) for each in product(ORDERS, both, both, both, ANSWERS)]
    wrong = []
    for number, case in enumerate(cases):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        came = desk.outcome(case, folder)
        if came != case.expected:
            wrong.append(f"{case}: {came}, not {case.expected}")
    print(  # noqa: T201  # the figure is what the sweep is run for
        f"\nopenssl cmp: {len(ORDERS)} ways to ask x {len(ANSWERS)} answers x 8 ways to give them:"
        f" {len(cases)} cases, wrong {len(wrong)}"
    )
    assert wrong == []
