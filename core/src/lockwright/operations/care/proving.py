"""Have each key of a token sign, and see whether its certificate fits; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.errors import (
    CertificateError,
    LockwrightError,
    ModuleError,
    NotSupported,
    PinError,
    TokenRemoved,
)
from lockwright.explain import explain
from lockwright.i18n import _
from lockwright.models import (
    Container,
    KeyPair,
    KeyProof,
    Listing,
    ObjectKind,
    Outcome,
    Remark,
    Token,
)
from lockwright.operations.enrolment.own_key import key_of
from lockwright.operations.listing import listing
from lockwright.operations.plans import container_named
from lockwright.operations.signer import signer
from lockwright.secret import Secret

if TYPE_CHECKING:
    from cryptography import x509


Tried = tuple[bytes, KeyPair]
"""A public key, DER, and the key of the token that may be its own."""
_ENDS_ALL = (PinError, TokenRemoved, ModuleError)


def prove(
    calls: Calls, token: Token, pin: Secret, selectors: Sequence[str], trust: Sequence[Path]
) -> tuple[KeyProof, ...]:
    """Try private keys: each signs some random data with each of its certificates.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN; with it the token is logged in to once.
        selectors: names of containers; none for every one that has a private key, and every
            certificate that has the id of one without being its own.
        trust: files with the trusted CA certificates; none where nothing is judged by them.

    Returns:
        A proof for each certificate, and for each key without one.

    Raises:
        FileNotRead, CertificateUnreadable: the trust cannot be read; nothing was tried.
        NothingSelected, AmbiguousSelection: a name fits no container, or several things.
        PinError: the token did not let us in, or asks for the PIN again.
        TokenRemoved, ModuleError: it did not come to its end.
    """
    from lockwright.enrol.trust import read_anchors, readable  # noqa: PLC0415  # cryptography is slow to import

    anchors = read_anchors(trust)
    with calls.staying(token):
        content = listing(calls, token, pin)
        named = [container_named(content, each) for each in selectors]
        meant = named or [each for each in content.containers if _is_meant(each)]
        trial = _Trial(calls, token, pin, content)
        proofs = [proof for container in dict.fromkeys(meant) for proof in trial.of(container)]
    if not anchors:
        return tuple(proofs)
    objects = (obj.value for obj in content.all_objects if obj.kind is ObjectKind.CERTIFICATE)
    beside = readable(filter(None, objects))
    return tuple(_judged(proof, beside, anchors) for proof in proofs)


class _Trial:
    """Trial signatures on one token.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        content: what is on the token, listed with the PIN.
    """

    def __init__(self, calls: Calls, token: Token, pin: Secret, content: Listing) -> None:
        self._calls = calls
        self._token = token
        self._pin = pin
        self._content = content

    def of(self, container: Container) -> Iterator[KeyProof]:
        """A proof for each certificate; for a key without one, of the key itself."""
        for certificate in container.certificates:
            proof = KeyProof(container, certificate, Outcome.FAILED)
            yield _tried(proof, self._with_certificate, self._proves, self._by_pss)
        if not container.certificates:
            proof = KeyProof(container, None, Outcome.FAILED)
            yield _tried(proof, self._alone, self._proves, self._by_pss)

    def _alone(self, proof: KeyProof) -> Tried | None:
        own = [key for key in proof.container.keys if key.kind is ObjectKind.PRIVATE_KEY]
        key_id = own[0].id or None
        found = self._calls(hooks.lockwright_keys, self._token, self._pin, key_id)
        pair = next((each for each in found if each.ref in {key.ref for key in own}), None)
        if pair is None:
            raise ValueError("nothing shows its public key")
        return pair.public_key, pair

    def _with_certificate(self, proof: KeyProof) -> Tried | None:
        from lockwright.enrol.supported import loaded  # noqa: PLC0415  # cryptography is slow to import
        from lockwright.enrol.trust import spki  # noqa: PLC0415  # the same

        certificate = proof.certificate and proof.certificate.object.value
        public_key = spki(loaded(certificate or b""))
        pair = key_of(self._calls, self._token, self._pin, self._content, public_key)
        return None if pair is None else (public_key, pair)

    def _proves(self, public_key: bytes, pair: KeyPair) -> bool:
        from lockwright.enrol.signatures import proves_key  # noqa: PLC0415  # cryptography is slow to import

        return proves_key(public_key, signer(self._calls, self._token, self._pin, pair))

    def _by_pss(self, public_key: bytes, pair: KeyPair) -> Outcome | None:
        """What comes of RSA-PSS; None where there is no such thing."""
        from lockwright.enrol.signatures import proves_by_pss  # noqa: PLC0415  # cryptography is slow to import

        sign = signer(self._calls, self._token, self._pin, pair)
        try:
            fits = proves_by_pss(public_key, sign)
        except NotSupported:
            return None
        except _ENDS_ALL:
            raise
        except LockwrightError:
            return Outcome.REFUSED
        return None if fits is None else Outcome.PROVED if fits else Outcome.FAILED


def _is_meant(container: Container) -> bool:
    """Whether programs would take it for a key, or for the certificate of one."""
    poses = bool(container.certificates) and Remark.SHARES_ID in container.remarks
    return poses or _private(container)


def _private(container: Container) -> bool:
    return any(key.kind is ObjectKind.PRIVATE_KEY for key in container.keys)


def _tried(
    proof: KeyProof,
    find: Callable[[KeyProof], Tried | None],
    proves: Callable[[bytes, KeyPair], bool],
    by_pss: Callable[[bytes, KeyPair], Outcome | None],
) -> KeyProof:
    """What came of one trial; a token that is gone, or lets nobody in, ends them all."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # slow to import

    if not _private(proof.container):
        return replace(proof, reason=_("the token has no private key for it"))
    try:
        key = find(proof)
        if key is not None and proves(*key):
            return replace(proof, outcome=Outcome.PROVED, pss=by_pss(*key))
    except _ENDS_ALL:
        raise
    except LockwrightError as error:
        return replace(proof, outcome=Outcome.REFUSED, reason=explain(error).message)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        reason = _("keys of its kind cannot be tried here")
        return replace(proof, outcome=Outcome.UNSUPPORTED, reason=reason)
    return replace(proof, reason=_("what the key signs does not fit it"))


def _judged(
    proof: KeyProof, beside: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
) -> KeyProof:
    """The proof with whether its certificate is trusted."""
    from lockwright.enrol.supported import loaded  # noqa: PLC0415  # cryptography is slow to import
    from lockwright.enrol.trust import check_chain  # noqa: PLC0415  # the same

    if proof.certificate is None:
        return proof
    try:
        certificate = loaded(proof.certificate.object.value or b"")
        check_chain(certificate, beside, anchors, datetime.now(UTC))
    except CertificateError as error:
        return replace(proof, trusted=False, distrust=explain(error).message)
    except ValueError:
        return replace(proof, trusted=False, distrust=_("it cannot be read"))
    return replace(proof, trusted=True)
