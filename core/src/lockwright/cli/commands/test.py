"""``lockwright test``: each key of a token signs, and its certificate is seen to fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lockwright.cli import documents
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.console.clean import clean
from lockwright.console.framework import argument
from lockwright.console.screen import Console
from lockwright.errors import CertificateError, TokenError
from lockwright.i18n import N_, _, ngettext
from lockwright.models import Certificate, KeyProof, Outcome, Token

HELP = N_(
    """Prove that the keys of a token sign, and that their certificates are theirs.

    Each key signs some random data, and the signature is verified with its certificate, or with
    its public key where it has none. An RSA key signs by RSA-PSS, too, where the token offers it.
    SELECTOR is the name of a container that lockwright list shows; without one every container with
    a private key is tried. The PIN is asked for once, and nothing on the token is changed.

    The exit code is 0 where every key is proved and every certificate valid, and trusted if the
    configuration names trusted CAs; 9 where a certificate is not; 10 where a key is not proved,
    signs wrongly by RSA-PSS, or there is none."""
)


_PSS = {
    Outcome.PROVED: N_("It signs by RSA-PSS, too."),
    Outcome.FAILED: N_("What it signs by RSA-PSS does not fit it."),
    Outcome.REFUSED: N_("It does not sign by RSA-PSS, which the token offers."),
}


@command("test", text=HELP)
@argument("selectors", nargs=-1, metavar="[SELECTOR]...", text=N_("Which containers."))
@pin_options(Role.USER)
def test(run: Invocation, *, selectors: tuple[str, ...]) -> int:
    """Try, report."""
    refuse_blank(*selectors)
    token = run.token()
    (pin,) = run.collect(token, Role.USER, reads=True)
    with run.output.working(_("Having the keys sign")):
        proofs = run.runner.care.prove(token, pin, selectors)
    now = datetime.now(UTC)
    code = _code(proofs, now)
    _answer(run, token, proofs, now, code)
    return code


def _code(proofs: Sequence[KeyProof], now: datetime) -> int:
    wrong = any(proof.pss is Outcome.FAILED for proof in proofs)
    if wrong or not proofs or any(proof.outcome is not Outcome.PROVED for proof in proofs):
        return TokenError.exit_code
    good = all(_is_valid(proof.certificate, now) and proof.trusted is not False for proof in proofs)
    return 0 if good else CertificateError.exit_code


def _is_valid(certificate: Certificate | None, now: datetime) -> bool:
    if certificate is None:
        return True
    begins, ends = certificate.not_before, certificate.not_after
    return begins is not None and ends is not None and begins <= now < ends


def _answer(
    run: Invocation, token: Token, proofs: Sequence[KeyProof], now: datetime, code: int
) -> None:
    def text(console: Console) -> None:
        if not proofs:
            console.print(_("No private key is on the token {}.").format(clean(token.serial)))
        for proof in proofs:
            console.print(clean(_title(proof)), style="bold")
            for line in _lines(proof, now):
                console.print(f"  {clean(line)}")

    run.output.answer(
        lambda: {
            "token": token.serial,
            "passed": code == 0,
            "proofs": [_document(proof, now) for proof in proofs],
        },
        text,
    )


def _title(proof: KeyProof) -> str:
    kind = proof.container.key_type or (proof.certificate and proof.certificate.key_type)
    return f"{proof.container.name} ({kind})" if kind else proof.container.name


def _lines(proof: KeyProof, now: datetime) -> list[str]:
    """What came of a trial, in sentences of one line each."""
    outcomes = {
        (Outcome.PROVED, True): _("The key signs, and the certificate is its own."),
        (Outcome.PROVED, False): _("The key signs; it has no certificate."),
    }
    not_proved = _("Not proved: {reason}").format(reason=proof.reason.rstrip(".")) + "."
    lines = [outcomes.get((proof.outcome, proof.certificate is not None), not_proved)]
    if proof.pss is not None:
        lines.append(_(_PSS[proof.pss]))
    if proof.certificate is not None:
        lines.append(_validity(proof.certificate, now))
    if proof.trusted:
        lines.append(_("It leads to a trusted CA."))
    return lines + ([proof.distrust] if proof.distrust else [])


def _validity(certificate: Certificate, now: datetime) -> str:
    begins, ends, days = certificate.not_before, certificate.not_after, certificate.days_left(now)
    if begins is None or ends is None or days is None:
        return _("How long it is valid cannot be read.")
    if begins > now:
        return _("Not valid before {day}.").format(day=f"{begins:%Y-%m-%d}")
    if certificate.expired(now):
        return _("It expired on {day}.").format(day=f"{ends:%Y-%m-%d}")
    told = ngettext("Valid until {day}, {n} day.", "Valid until {day}, {n} days.", days)
    return told.format(day=f"{ends:%Y-%m-%d}", n=days)


def _document(proof: KeyProof, now: datetime) -> documents.Document:
    found = proof.certificate
    return {
        "name": proof.container.selector,
        "id": proof.container.id.hex(),
        "label": proof.container.label,
        "key_type": proof.container.key_type,
        "certificate": documents.certificate(found, now) if found else None,
        "outcome": proof.outcome.value,
        "reason": proof.reason or None,
        "pss": proof.pss and proof.pss.value,
        "valid": _is_valid(found, now) if found else None,
        "trusted": proof.trusted,
        "distrust": proof.distrust or None,
    }
