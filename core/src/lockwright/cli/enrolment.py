"""Enrolment with a CA as a person meets it: who to trust, who one is, what happens meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lockwright.cli import documents, phrases, storage_choice
from lockwright.cli.documents import Document
from lockwright.cli.enrolment_by_hand import NOTHING_MORE
from lockwright.cli.invocation import Invocation
from lockwright.cli.storage_choice import Meant
from lockwright.console.clean import clean
from lockwright.enrol.journal import Entry, Step
from lockwright.errors import CaNotConfirmed
from lockwright.i18n import _
from lockwright.models import CaProfile, CaRequirements, StorageKind, StoredCertificate
from lockwright.spoken import spell, spell_fingerprint

if TYPE_CHECKING:
    from cryptography import x509

USUAL_WAIT = 120
"""Seconds that the CA may take to decide before the rest is left for another time."""


def trusted(run: Invocation, name: str, fingerprint: str | None) -> CaProfile:
    """A CA whose own certificate is known; if it is not yet, a person confirms it.

    Args:
        run: the run.
        name: name of the CA.
        fingerprint: SHA-256 of its certificate, hex, as the bank told it; None to be asked.

    Raises:
        CaNotConfirmed: nobody confirmed it.
        CaError: it is not configured, or cannot be asked.
    """
    authorities = run.runner.authorities
    ca = authorities.get(name)
    if ca.anchors:
        return ca
    with run.output.steps().step(_("Asking the CA for its certificate")):
        found = authorities.unconfirmed(ca)
    from lockwright.certificates import parts  # noqa: PLC0415  # slow
    from lockwright.enrol.trust import der  # noqa: PLC0415  # the same

    roots = [each for each in found if parts.of_certificate(der(each)).is_own_issuer]
    # A person is asked about roots, which a bank tells of; any one that is named is trust.
    own = found if fingerprint or not roots else roots
    for certificate in own:
        if _is_confirmed(run, ca, certificate, fingerprint):
            return authorities.confirm(ca, [certificate])
    shown = _fingerprint([*roots, *own][0]) if own else "-"
    raise CaNotConfirmed(ca=ca.name, fingerprint=shown)


def tell_passed_over(run: Invocation, ca: CaProfile, wishes: CaRequirements) -> None:
    """Say what a CA wants that could not be read; the order itself shows whether it matters."""
    if wishes.passed_over:
        told = _(
            "What the CA {ca} wants of a request (csrattrs) could not be read, and is passed over:"
            " {reason}."
        )
        run.output.note(told.format(ca=ca.name, reason=_(wishes.passed_over)))


def login_of(run: Invocation, given: str | None, ca: CaProfile | None = None) -> str:
    """The login, given or asked for.

    Args:
        run: the run.
        given: value of ``--login``.
        ca: the CA that it is sent to; None if it is sent to none.

    Raises:
        click.UsageError: it was not given, and nobody can be asked.
        LoginUnfit: it cannot be sent.
    """
    login = given or _entered_login(run)
    if ca is not None:
        run.runner.enrolments.check_login(ca, login)
    return login


def _entered_login(run: Invocation) -> str:
    if not run.terminal.there:
        message = _("The CA wants a login; give it with --login.")
        raise click.UsageError(message, click.get_current_context())
    while not (entered := run.terminal.line(_("Login:"))):
        pass
    return entered


def wishes(run: Invocation, ca: CaProfile) -> CaRequirements:
    """What a CA asks for.

    Raises:
        CaError: it cannot be asked.
    """
    with run.output.steps().step(_("Asking the CA what it wants")):
        return run.runner.authorities.requirements(ca)


def tell(run: Invocation, meant: Meant, stored: StoredCertificate, *, removed: bool) -> None:
    """Say that the certificate is there and works."""

    def text() -> str:
        where = storage_choice.told(meant, phrases.stored(stored))
        proved = _("A signature made with it was checked: it works.")
        gone = _("The old container is removed.") if removed else ""
        return " ".join(filter(None, (where, proved, gone)))

    run.output.answer(
        lambda: {
            **whereabouts(meant),
            "request": None,
            "certificate": documents.stored(stored),
            **NOTHING_MORE,
        },
        lambda console: console.print(text()),
    )
    if meant.token is not None:
        run.output.note(_("See it with: lockwright list"))


def whereabouts(meant: Meant) -> Document:
    """A storage, as every document of an enrolment begins."""
    return {
        "token": meant.place if meant.token is not None else None,
        "storage": meant.document,
    }


def document(entry: Entry) -> Document:
    """An unfinished enrolment."""
    pending = entry.pending if entry.step is Step.WAITING else None
    return {
        "token": entry.place if entry.storage is StorageKind.TOKEN else None,
        "storage": {"kind": entry.storage.value, "place": entry.place},
        "ca": entry.ca,
        "login": entry.login,
        "subject": entry.subject,
        "step": entry.step.value,
        "key": {"id": entry.key_id.hex(), "label": entry.label, "type": entry.key_type},
        "renewal": entry.renews is not None,
        "replaces": _old(entry) if entry.replaces else None,
        "begun": None if entry.begun is None else f"{entry.begun:%Y-%m-%dT%H:%M:%SZ}",
        "not_before": None if pending is None else f"{pending.not_before:%Y-%m-%dT%H:%M:%SZ}",
    }


def _old(entry: Entry) -> str | None:
    """A name of the container that is replaced."""
    return entry.old_id.hex() or entry.old_ref if entry.old_id is not None else None


def _is_confirmed(
    run: Invocation, ca: CaProfile, certificate: x509.Certificate, fingerprint: str | None
) -> bool:
    found = _fingerprint(certificate)
    if fingerprint is not None:
        return _plain(fingerprint) == _plain(found)
    if not run.terminal.there:
        return False
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # slow to import

    from lockwright.certificates.subjects import subject_text  # noqa: PLC0415  # the same

    subject = clean(subject_text(certificate))
    run.terminal.say(_("The CA {ca} is not known yet. Its certificate is:").format(ca=ca.name))
    run.terminal.say(f"    {subject}")
    run.terminal.say("    SHA-256")
    for row in spell_fingerprint(certificate.fingerprint(SHA256())):
        run.terminal.say(f"    {row}")
    run.terminal.say(_("Compare it with what the bank told you through another channel."))
    return run.terminal.agrees(_("Is it the same, character for character?"))


def _fingerprint(certificate: x509.Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # slow to import

    return spell(certificate.fingerprint(SHA256()))


def _plain(fingerprint: str) -> str:
    return "".join(c for c in fingerprint.upper() if c.isalnum())
