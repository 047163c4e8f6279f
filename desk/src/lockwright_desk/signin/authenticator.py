"""What is asked of an authenticator, and its answers judged (WebAuthn level 2, by py_webauthn).

The library is told to demand what it lets pass otherwise: that the user was verified. What it does
not look at is looked at here and by ``passkeys``: a page framed by another site's, an attestation
that nobody asked for, the account, and the counter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from lockwright import log as logs
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.signin.begun import LASTS
from lockwright_desk.signin.refusals import PasskeyRefused, PasskeySynced

_SHOWN_AS = "lockwright"
_MILLISECONDS = int(LASTS.total_seconds() * 1000)
_LONGEST_ID = 1023
"""Bytes of a credential ID (WebAuthn 2, 4)."""
_UNATTESTED = {AttestationFormat.NONE, AttestationFormat.PACKED}
"""What comes where no attestation is asked for: nothing, or the key's own (WebAuthn 2, 5.1.3)."""
_REQUIRED = UserVerificationRequirement.REQUIRED

log = logs.get("lockwright.desk.signin")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that an authenticator has made."""

    name: str
    """Its ID, in base64url."""
    public_key: bytes
    """COSE (RFC 9053)."""
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read, and not judged yet."""

    name: str
    """ID of the passkey that it is said to be of, in base64url."""
    handle: bytes | None
    """The account that it is said to be of."""
    credential: AuthenticationCredential


def base64url(value: bytes) -> str:
    """Bytes as WebAuthn has them in JSON."""
    return bytes_to_base64url(value)


def creation(
    settings: SignInSettings,
    challenge: bytes,
    handle: bytes,
    names: tuple[str, str],
    there: Iterable[str],
) -> str:
    """What is asked for a new passkey.

    Args:
        settings: whose it will be.
        challenge: what it signs.
        handle: the account, as random bytes.
        names: the account, and the person's name.
        there: IDs of passkeys of the account, none of which is made again.

    Returns:
        JSON.
    """
    return options_to_json(
        generate_registration_options(
            rp_id=settings.name,
            rp_name=_SHOWN_AS,
            user_id=handle,
            user_name=names[0],
            user_display_name=names[1],
            challenge=challenge,
            timeout=_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=_REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in there
            ],
        )
    )


def request(settings: SignInSettings, challenge: bytes) -> str:
    """What is asked of whatever passkey there is.

    Returns:
        JSON.
    """
    return options_to_json(
        generate_authentication_options(
            rp_id=settings.name,
            challenge=challenge,
            timeout=_MILLISECONDS,
            user_verification=_REQUIRED,
        )
    )


def created(settings: SignInSettings, challenge: str, answer: str) -> Made:
    """Judge the answer to ``creation``.

    Args:
        settings: whose it is.
        challenge: what was asked, in base64url.
        answer: JSON.

    Raises:
        PasskeyRefused: it is not what was asked for.
        PasskeySynced: its maker copies it to other devices.
    """
    made = _judged(lambda: _created(settings, base64url_to_bytes(challenge), answer))
    if made is None:
        raise PasskeySynced
    return made


def read(answer: str) -> Answer | None:
    """Read the answer to ``request``; None if it is none."""
    try:
        credential = _judged(lambda: parse_authentication_credential_json(answer))
    except PasskeyRefused:
        return None
    if not 0 < len(credential.raw_id) <= _LONGEST_ID:
        return None
    name = bytes_to_base64url(credential.raw_id)
    return Answer(name, credential.response.user_handle, credential)


def proved(settings: SignInSettings, challenge: str, answer: Answer, public_key: bytes) -> int:
    """Judge the answer to ``request``.

    Args:
        settings: whose it is.
        challenge: what was asked, in base64url.
        answer: the answer.
        public_key: of the passkey, as it was kept.

    Returns:
        What the passkey has counted to.

    Raises:
        PasskeyRefused: it is not what was asked for.
    """
    return _judged(
        lambda: _proved(settings, base64url_to_bytes(challenge), answer.credential, public_key)
    )


def _created(settings: SignInSettings, challenge: bytes, answer: str) -> Made | None:
    credential = parse_registration_credential_json(answer)
    response = credential.response
    _check_not_framed(response.client_data_json)
    # The others bring parsers of their own, for certificates of half a dozen makers.
    if parse_attestation_object(response.attestation_object).fmt not in _UNATTESTED:
        raise PasskeyRefused
    verified = verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=settings.name,
        expected_origin=settings.origin,
        require_user_verification=True,
    )
    if not 0 < len(verified.credential_id) <= _LONGEST_ID:
        raise PasskeyRefused
    synced = verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    if synced and not settings.synced_passkeys:
        return None
    return Made(
        bytes_to_base64url(verified.credential_id),
        verified.credential_public_key,
        verified.sign_count,
    )


def _proved(
    settings: SignInSettings,
    challenge: bytes,
    credential: AuthenticationCredential,
    public_key: bytes,
) -> int:
    _check_not_framed(credential.response.client_data_json)
    return verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=settings.name,
        expected_origin=settings.origin,
        credential_public_key=public_key,
        credential_current_sign_count=0,  # judged under the lock on its row
        require_user_verification=True,
    ).new_sign_count


def _check_not_framed(client_data: bytes) -> None:
    """A page of another site may have ours in a frame (WebAuthn 2, 13.4.9)."""
    if parse_client_data_json(client_data).cross_origin:
        raise PasskeyRefused


def _judged(judge: Callable[[], _T]) -> _T:
    """What comes of it: whatever a forged answer has a library stumble over is a refusal."""
    try:
        return judge()
    except Exception as error:  # bytes of strangers go through three parsers
        log.info("passkey refused", kind=type(error).__name__)
        raise PasskeyRefused from error
