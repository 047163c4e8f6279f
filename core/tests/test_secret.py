"""A secret does not show itself by accident, and is gone when it was wiped."""

from __future__ import annotations

import copy
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.secret import Secret

PIN = "Hush-Hush-17"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(PIN)),
        str(Secret(PIN)),
        f"{Secret(PIN)}",
        f"{Secret(PIN):>40}",
        f"{Secret(PIN)!r}",
        "{}".format(Secret(PIN)),  # noqa: UP032  # the way is the point
        "%s" % Secret(PIN),  # noqa: UP031  # the way is the point
        str([Secret(PIN)]),
        str({"pin": Secret(PIN)}),
    ],
)
def test_a_secret_shows_stars_whatever_way_it_is_printed(shown: str) -> None:
    assert PIN not in shown
    assert "***" in shown


def test_a_traceback_with_the_values_of_variables_holds_no_secret() -> None:
    def fail(pin: Secret) -> None:
        raise ValueError(pin)

    with pytest.raises(ValueError, match=r"\*\*\*") as caught:
        fail(Secret(PIN))

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    text = "".join(told.format())
    assert "pin = Secret(***)" in text
    assert PIN not in text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(PIN), protocol)


@pytest.mark.parametrize("value", [1234, True, [49, 50], (49,), None, 1.5, memoryview(b"1234")])
def test_a_secret_is_made_of_text_or_bytes_alone(value: Any) -> None:
    """A number was as many zeros, which cost a try."""
    with pytest.raises(TypeError, match=f"not of {type(value).__name__}"):
        Secret(value)


def test_a_secret_shows_no_state_to_what_writes_objects_down() -> None:
    with pytest.raises(TypeError, match="no state"):
        Secret(PIN).__getstate__()


def test_a_secret_has_no_hash_and_no_attributes() -> None:
    secret = Secret(PIN)

    with pytest.raises(TypeError):
        hash(secret)
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        vars(secret)


def test_wiping_overwrites_the_very_buffer() -> None:
    secret = Secret(PIN)
    buffer = secret.buffer

    secret.wipe()

    assert buffer is secret.buffer
    assert (len(secret), bool(secret), secret.reveal()) == (0, False, b"")


def test_a_buffer_lent_out_is_zeros_even_where_it_cannot_be_shortened() -> None:
    secret = Secret(PIN)

    with memoryview(secret.buffer) as lent:
        with pytest.raises(BufferError):
            secret.wipe()

        assert bytes(lent) == bytes(len(PIN))


def test_a_secret_is_wiped_when_its_block_ends_with_an_error() -> None:
    secret = Secret(PIN)

    with pytest.raises(KeyboardInterrupt), secret:
        raise KeyboardInterrupt

    assert secret.reveal() == b""


def test_a_secret_is_its_own_copy_of_what_it_was_made_from() -> None:
    source = bytearray(PIN.encode())
    secret = Secret(source)

    source[:] = bytes(len(source))

    assert secret.reveal() == PIN.encode()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_outlives_the_original(copied: object) -> None:
    assert callable(copied)
    secret = Secret(PIN)
    other = copied(secret)

    secret.wipe()

    assert other.reveal() == PIN.encode()


@given(one=st.binary(max_size=20), other=st.binary(max_size=20))
def test_secrets_are_equal_when_their_bytes_are(one: bytes, other: bytes) -> None:
    assert Secret(one) == Secret(one)
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) != one


@given(st.text())
def test_length_is_counted_in_bytes_as_a_token_does(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    secret = Secret(text)

    assert len(secret) == len(text.encode())
    assert secret.reveal_text() == text


def test_a_key_is_not_read_as_text() -> None:
    with pytest.raises(UnicodeDecodeError):
        Secret(b"\xff\xfe").reveal_text()
