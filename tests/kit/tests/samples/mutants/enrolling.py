"""Mutants of keys and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lockwright.errors import (
    KeyMissing,
    KeyUnclear,
    NotSupported,
    TokenFull,
    TokenRefused,
)
from lockwright.models import (
    KeyPair,
    KeyRequest,
    SignatureScheme,
    Token,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKA, CKM
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.sim import USER_PIN

from mutants.breaking import REFUSED, found_by, good, instead


@found_by("generate", "test_a_key_pair_is_made_as_it_was_asked_for", breaks="The key pair with")
def labels_by_itself(module: Module, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
    return good.lockwright_generate(module, token, pin, replace(request, label="key"))


@found_by(
    "generate",
    "test_a_private_key_never_leaves_the_token",
    "test_an_unknown_key_type_is_not_supported",
    breaks="Make a key pair on the token",
)
def makes_a_key_for_export(
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    with standard.user_session(module, token, pin) as session:
        session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN,
            {CKA.TOKEN: True, CKA.EC_PARAMS: bytes.fromhex("06082a8648ce3d030107")},
            {CKA.TOKEN: True, CKA.SENSITIVE: False, CKA.EXTRACTABLE: True},
        )
    return KeyPair(request.id, request.label, b"")


@found_by("generate", "test_a_full_token_is_told_and_keeps_no_half_of_a_pair", breaks="TokenFull")
def calls_a_full_token_broken(
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    try:
        return good.lockwright_generate(module, token, pin, request)
    except TokenFull as error:
        raise TokenRefused(action="make a key pair", name="it does not") from error


@found_by("generate", "test_a_wrong_pin_makes_no_key", breaks="Make a key pair on the token")
def makes_keys_for_anyone(module: Module, token: Token, request: KeyRequest) -> KeyPair:
    return good.lockwright_generate(module, token, Secret(USER_PIN), request)


@found_by("keys", "test_the_pairs_that_were_made_are_found", breaks="Find the key pairs")
def finds_no_keys() -> Sequence[KeyPair]:
    return []


@found_by("keys", "test_a_certificate_alone_is_no_key", breaks="Find the key pairs")
def takes_certificates_for_keys(module: Module, token: Token, pin: Secret) -> list[KeyPair]:
    listed = good.lockwright_list(module, token, pin, None)
    return [KeyPair(each.id, each.label, each.value or b"") for each in listed]


@found_by("sign", "test_a_signature_is_right_for_every_type_of_key", breaks="Sign with a key")
def signs_something_else(
    module: Module,
    token: Token,
    pin: Secret,
    key_id: bytes,
    scheme: SignatureScheme,
    ref: str | None,
) -> bytes:
    return good.lockwright_sign(module, token, pin, key_id, scheme, b"something else", ref)


@found_by("sign", "test_a_ref_says_which_key_signs", breaks="Sign with a key")
def signs_with_the_first_of_an_id(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)


@found_by("sign", "test_a_key_that_is_not_there_is_missing", breaks="KeyMissing")
def calls_a_missing_key_broken(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    try:
        return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)
    except KeyMissing as error:
        raise TokenRefused(action="sign", name="no key") from error


@found_by("sign", "test_a_wrong_pin_signs_nothing", breaks="Sign with a key")
def signs_for_anyone(
    module: Module, token: Token, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    return good.lockwright_sign(module, token, Secret(USER_PIN), key_id, scheme, data, None)


@found_by(
    "store", "test_a_certificate_is_written_beside_its_key", breaks="Write a certificate beside"
)
def stores_under_another_id(
    module: Module, token: Token, pin: Secret, label: str, certificate: bytes
) -> None:
    good.lockwright_store(module, token, pin, b"\x77", label, certificate)


@found_by(
    "store", "test_a_full_token_is_told_and_keeps_no_half_of_a_certificate", breaks="TokenFull"
)
def calls_a_full_store_broken(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    try:
        good.lockwright_store(module, token, pin, key_id, label, certificate)
    except TokenFull as error:
        raise TokenRefused(action="store a certificate", name="it does not") from error


@found_by("store", "test_a_wrong_pin_stores_nothing", breaks="Write a certificate beside")
def stores_for_anyone(
    module: Module, token: Token, key_id: bytes, label: str, certificate: bytes
) -> None:
    good.lockwright_store(module, token, Secret(USER_PIN), key_id, label, certificate)


@found_by(
    "generate",
    "test_a_full_token_is_told_and_keeps_no_half_of_a_pair",
    breaks="On any error no half",
)
def leaves_half_a_pair(module: Module, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
    try:
        return good.lockwright_generate(module, token, pin, request)
    except TokenFull:
        good.lockwright_store(module, token, pin, request.id, request.label, b"half of it")
        raise


@found_by("generate", "test_an_unknown_key_type_is_not_supported", breaks="NotSupported")
def calls_an_unknown_type_refused(
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    with instead(NotSupported, REFUSED):
        return good.lockwright_generate(module, token, pin, request)


@found_by(
    "keys", "test_the_pairs_that_were_made_are_found", breaks="The key pairs with their public"
)
def finds_no_public_halves(module: Module, token: Token, pin: Secret) -> list[KeyPair]:
    found = good.lockwright_keys(module, token, pin, None)
    return [replace(each, public_key=b"") for each in found]


@found_by("sign", "test_a_signature_is_right_for_every_type_of_key", breaks="in the form")
def gives_two_numbers(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    signature = good.lockwright_sign(module, token, pin, key_id, scheme, data, None)
    if scheme is SignatureScheme.RSA_PKCS1_SHA256:
        return signature
    return b"".join(each.to_bytes(48) for each in decode_dss_signature(signature))


@found_by("sign", "test_a_signature_is_right_for_every_type_of_key", breaks="NotSupported")
def signs_by_another_scheme(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    if scheme is SignatureScheme.RSA_PSS_SHA256:
        scheme = SignatureScheme.RSA_PKCS1_SHA256
    return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)


@found_by("sign", "test_which_of_two_keys_of_one_id_signs_is_not_picked", breaks="KeyUnclear")
def picks_one_of_several(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    try:
        return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)
    except KeyUnclear:
        return b"one of them"


@found_by(
    "store",
    "test_a_write_protected_token_is_told_before_a_pin_is_sent",
    breaks="Write a certificate beside",
)
def logs_in_before_it_looks(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    good.lockwright_list(module, token, pin, None)
    good.lockwright_store(module, token, pin, key_id, label, certificate)
