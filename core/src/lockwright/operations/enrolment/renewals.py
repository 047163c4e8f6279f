"""What is to be renewed on tokens: from what CAs said, asked only where somebody wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lockwright.calls.authorities import CaCalls
from lockwright.config import Config
from lockwright.config.authorities import OFFLINE
from lockwright.contract import ca_hooks
from lockwright.enrol.heard import LATEST, NOBODY, UNTOLD, Heard, Sayings
from lockwright.enrol.issuer import issued_by
from lockwright.errors import CaAnswerBroken, LockwrightError, NotSupported
from lockwright.i18n import N_
from lockwright.models import CaProfile, Certificate, Listing, ObjectKind, RenewalInfo, TokenObject
from lockwright.operations.certificates import read_certificate
from lockwright.operations.enrolment.authorities import Authorities
from lockwright.operations.enrolment.due import Prospect, candidates, due

_BRIEF = 10.0
"""Seconds for the question after a certificate was issued, which nobody waits for."""


class Renewals:
    """Finds what is to be renewed; ``Runner.renewals`` is one.

    Args:
        config: the configuration.
        calls: the hooks of CA clients.
        authorities: the CAs.
    """

    def __init__(self, config: Config, calls: CaCalls, authorities: Authorities) -> None:
        self._config = config
        self._calls = calls
        self._authorities = authorities

    def known(self, content: Listing) -> list[Prospect]:
        """The certificates of a token and what CAs said of them before; nobody is asked now.

        Args:
            content: what is on the token.
        """
        now, sayings = datetime.now(UTC), self._sayings
        return [
            self._judged(
                Prospect(container, certificate, heard, self._names(heard)), now, final=False
            )
            for container, certificate in candidates(content)
            for heard in [sayings.of(certificate.fingerprint)]
        ]

    def asked(self, content: Listing, ca: str | None = None) -> list[Prospect]:
        """The certificates of a token, each CA asked for its word where it may be asked again.

        What goes wrong there is noted, and the bank's own days hold. A CA that cannot be reached
        is asked once.

        Args:
            content: what is on the token.
            ca: name of the only CA to look at; None for all. Of what it and others may have issued
                it is asked, too, but not taken for the issuer.

        Raises:
            CaUnknown: there is none of that name.
            CertificateUnreadable: a file with a CA's trusted certificates cannot be read.
        """
        if ca is not None:
            self._authorities.get(ca)
        away: dict[str, LockwrightError] = {}
        issuers = self._issuers()
        found = []
        for prospect in self.known(content):
            names = prospect.cas or issuers(prospect.certificate)
            if ca is None or ca in names:
                found.append(self._with_word(replace(prospect, cas=names), ca, away))
        return found

    def learn(self, ca: CaProfile, certificate: bytes) -> None:
        """Remember which CA issued a certificate, and what it says of its renewal.

        Whatever goes wrong, the certificate is there, and the bank's own days hold.

        Args:
            ca: the CA.
            certificate: DER.
        """
        obj = TokenObject(ObjectKind.CERTIFICATE, b"", "", "", value=certificate)
        found, now = read_certificate(obj), datetime.now(UTC)
        if found.not_after is None:
            return
        # Whose it is is known now, and from nothing else where several CAs share their key.
        self._sayings.keep(found.fingerprint, Heard(ca.name, found.not_after, now, now))
        self._ask(replace(ca, deadline=min(ca.deadline, _BRIEF)), found, ca.name)

    # --- how --------------------------------------------------------------------------------------

    @property
    def _sayings(self) -> Sayings:
        return Sayings(self._config.sayings_folder)

    def _judged(self, prospect: Prospect, now: datetime, *, final: bool) -> Prospect:
        days = self._config.warn_days
        why = due(prospect.certificate, prospect.heard, days, now, final=final)
        return replace(prospect, why=why)

    def _with_word(
        self, prospect: Prospect, ca: str | None, away: dict[str, LockwrightError]
    ) -> Prospect:
        """What its CA says; asked if it is known which one to ask, and the time has come."""
        now = datetime.now(UTC)
        alone = len(prospect.cas) == 1
        name = prospect.cas[0] if alone else ca
        if name is None or prospect.ends <= now:
            return self._judged(prospect, now, final=False)
        heard, problem = prospect.heard, away.get(name)
        if problem is None and (heard is None or not heard.holds(now)):
            issuer = name if alone else NOBODY
            heard, problem = self._ask(self._authorities.get(name), prospect.certificate, issuer)
            if problem is not None and not isinstance(problem, CaAnswerBroken):
                away[name] = problem
        heard = heard or prospect.heard
        told = replace(prospect, heard=heard, problem=problem)
        return self._judged(told, now, final=heard is not None and heard.holds(datetime.now(UTC)))

    def _ask(
        self, ca: CaProfile, certificate: Certificate, issuer: str
    ) -> tuple[Heard | None, LockwrightError | None]:
        """What a CA says, which is kept; or why nothing was heard."""
        try:
            info = self._calls(
                ca_hooks.lockwright_ca_renewal_info, ca, certificate.object.value or b""
            )
            _check(ca, info)
        except NotSupported:
            info, wait = None, timedelta()
        except LockwrightError as error:
            return None, error
        else:
            wait = UNTOLD
        now = datetime.now(UTC)
        again = now + wait if info is None else min(info.again, now + LATEST)
        heard = Heard(issuer, certificate.not_after or now, now, again, info)
        self._sayings.keep(certificate.fingerprint, heard)
        return heard, None

    def _issuers(self) -> Callable[[Certificate], tuple[str, ...]]:
        """What tells the CAs that may have issued a certificate; each is asked once at most."""
        from lockwright.operations.enrolment.intermediates import known_of  # noqa: PLC0415  # cryptography is slow

        profiles = [self._authorities.get(name) for name in self._askable]
        below: dict[str, Sequence[bytes]] = {}

        def known(ca: CaProfile) -> Sequence[bytes]:
            if ca.name not in below:
                below[ca.name] = known_of(self._calls, ca) if ca.anchors else ()
            return below[ca.name]

        def fits(der: bytes, of: Callable[[CaProfile], Sequence[bytes]]) -> Iterator[str]:
            for profile in profiles:
                if any(issued_by(der, each) for each in of(profile)):
                    yield profile.name

        def names(certificate: Certificate) -> tuple[str, ...]:
            der = certificate.object.value or b""
            return tuple(fits(der, lambda ca: ca.anchors)) or tuple(fits(der, known))

        return names

    def _names(self, heard: Heard | None) -> tuple[str, ...]:
        """The CA of which something was heard, if the configuration still has it."""
        return (heard.ca,) if heard is not None and heard.ca in self._askable else ()

    @property
    def _askable(self) -> list[str]:
        """Names of the CAs that a program can ask."""
        known = self._config.authorities.items()
        return [name for name, settings in known if settings.kind != OFFLINE]


def _check(ca: CaProfile, info: RenewalInfo | None) -> None:
    """What a client hands over may be anything of that type.

    Raises:
        CaAnswerBroken: it cannot be meant.
    """
    if info is None:
        return
    if any(moment.tzinfo is None for moment in (info.start, info.end, info.again)):
        raise CaAnswerBroken(ca=ca.name, reason=N_("its times say nothing of their zone"))
    if info.end <= info.start:
        raise CaAnswerBroken(
            ca=ca.name, reason=N_("its window for the renewal ends before it begins")
        )
