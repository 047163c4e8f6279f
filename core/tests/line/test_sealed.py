"""Responses sealed to a window: RFC 9180 by its own vector, and by two implementations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from lockwright import Secret
from lockwright.line import sealed
from lockwright.line.sealed import SealBroken, about, new_key, seal, unseal

INFO = about("482719", "0B53001435596976", bytes(8), "Olga")
RESPONSE = "0123 4567 89AB CDEF 1A2B3"


def test_the_vector_of_rfc_9180() -> None:
    """A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0."""
    ephemeral = "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"
    receiver = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
    made = sealed.seal_by_hand(
        X25519PrivateKey.from_private_bytes(bytes.fromhex(ephemeral)),
        X25519PrivateKey.from_private_bytes(bytes.fromhex(receiver)).public_key(),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        b"Beauty is truth, truth beauty",
        b"Count-0",
    )

    assert made.hex() == (
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
        "6d8770ac83d07bea87e13c512a"
    )


@pytest.fixture(params=["library", "by hand"])
def one_side(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Takes the library's own HPKE away, if the test is of what an older one has."""
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")

    def turn() -> None:
        patch.setattr(sealed, "_hpke", None)

    return turn if request.param == "by hand" else lambda: None


def test_each_side_opens_what_the_other_sealed(
    one_side: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, public = new_key()
    with monkeypatch.context() as other:
        other.setattr(sealed, "_hpke", None)
        by_hand = seal(public, INFO, Secret(RESPONSE))
    by_either = seal(public, INFO, Secret(RESPONSE))
    one_side()

    for content in (by_hand, by_either):
        assert unseal(key, INFO, content) == Secret(RESPONSE)


def test_what_is_sealed_for_something_else_is_not_opened(one_side: Callable[[], None]) -> None:
    one_side()
    key, public = new_key()
    content = seal(public, INFO, Secret(RESPONSE))
    other, _public = new_key()
    infos = [
        about("482718", "0B53001435596976", bytes(8), "Olga"),
        about("482719", "0B53001435596977", bytes(8), "Olga"),
        about("482719", "0B53001435596976", bytes(7), "Olga"),
        about("482719", "0B53001435596976", bytes(8), "Boris"),
        about("4827190", "B53001435596976", bytes(8), "Olga"),
    ]
    for info in infos:
        with pytest.raises(SealBroken):
            unseal(key, info, content)
    for changed in (b"", content[:40], content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
        with pytest.raises(SealBroken):
            unseal(key, INFO, changed)
    with pytest.raises(SealBroken):
        unseal(other, INFO, content)


def test_a_key_that_is_none_is_refused(one_side: Callable[[], None]) -> None:
    one_side()
    for key in (b"", bytes(31), bytes(32)):
        with pytest.raises(SealBroken):
            seal(key, INFO, Secret(RESPONSE))
