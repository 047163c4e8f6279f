"""The PIN policy: every broken rule at once, the stricter of two, nothing that is guessed first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.policy import BANK_DEFAULT, BrokenRule, PinPolicy, Rule, guessable
from lockwright.policy.guessable import reason_to_refuse
from lockwright.secret import Secret

numbers = st.integers(0, 12)
limits = st.none() | st.integers(1, 12)
policies = st.builds(
    PinPolicy,
    min_length=numbers,
    max_length=limits,
    min_bytes=numbers,
    max_bytes=limits,
    min_digits=st.integers(0, 3),
    min_upper=st.integers(0, 3),
    min_lower=st.integers(0, 3),
    min_special=st.integers(0, 3),
    max_repeated=limits,
    refuse_guessable=st.booleans(),
)
pins = st.text(st.sampled_from("01289aAbBzZéяЯ!# ") | st.characters(codec="utf-8"), max_size=14)


def rules(policy: PinPolicy, pin: str | bytes) -> list[Rule]:
    return [broken.rule for broken in policy.check(Secret(pin))]


# --- the bank's default -------------------------------------------------------------------------


@pytest.mark.parametrize("pin", ["Kettle-Moss-42", "aB3!aB3?", "Пароль-Xy7", "Zq8mWt2k"])
def test_the_bank_s_default_takes_a_good_pin(pin: str) -> None:
    assert BANK_DEFAULT.check(Secret(pin)) == ()


def test_every_broken_rule_is_named_at_once() -> None:
    assert BANK_DEFAULT.check(Secret("!!")) == (
        BrokenRule(Rule.MIN_LENGTH, 8),
        BrokenRule(Rule.DIGITS, 1),
        BrokenRule(Rule.UPPER, 1),
        BrokenRule(Rule.LOWER, 1),
        BrokenRule(Rule.GUESSABLE, detail=guessable.REPETITION),
    )


def test_cyrillic_letters_are_no_latin_ones() -> None:
    assert rules(BANK_DEFAULT, "Пароль-на-7") == [Rule.UPPER, Rule.LOWER]


def test_a_key_is_no_pin() -> None:
    assert rules(BANK_DEFAULT, b"\xff\xfeA1bcdefgh") == [Rule.NOT_TEXT]


# --- single rules -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "good", "bad", "broken"),
    [
        (PinPolicy(min_length=4), "1234", "123", BrokenRule(Rule.MIN_LENGTH, 4)),
        (PinPolicy(max_length=4), "1234", "12345", BrokenRule(Rule.MAX_LENGTH, 4)),
        (PinPolicy(min_bytes=4), "яя", "я1", BrokenRule(Rule.MIN_BYTES, 4)),
        (PinPolicy(max_bytes=4), "яя", "яя1", BrokenRule(Rule.MAX_BYTES, 4)),
        (PinPolicy(min_digits=2), "a1b2", "a1b", BrokenRule(Rule.DIGITS, 2)),
        (PinPolicy(min_upper=2), "AaB", "Aab", BrokenRule(Rule.UPPER, 2)),
        (PinPolicy(min_lower=2), "aAb", "aAB", BrokenRule(Rule.LOWER, 2)),
        (PinPolicy(min_special=2), "a! ", "a!", BrokenRule(Rule.SPECIAL, 2)),
        (PinPolicy(max_repeated=2), "aabb", "abbb", BrokenRule(Rule.REPEATED, 2)),
    ],
)
def test_a_rule_draws_its_line_exactly(
    policy: PinPolicy, good: str, bad: str, broken: BrokenRule
) -> None:
    assert policy.check(Secret(good)) == ()
    assert policy.check(Secret(bad)) == (broken,)


def test_length_is_characters_for_the_person_and_bytes_for_the_token() -> None:
    policy = PinPolicy(min_length=8, max_bytes=16)

    assert rules(policy, "пароль12") == []
    assert rules(policy, "п" * 8) == []
    assert rules(policy, "п" * 9) == [Rule.MAX_BYTES]


def test_a_pin_that_is_too_short_is_not_told_so_twice() -> None:
    assert rules(PinPolicy(min_length=8, min_bytes=8), "123") == [Rule.MIN_LENGTH]


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert rules(PinPolicy(min_digits=1), "٣") == [Rule.DIGITS]


@given(pins)
def test_no_rule_refuses_nothing(pin: str) -> None:
    assert rules(PinPolicy(), pin) == []


# --- the stricter of two ------------------------------------------------------------------------


@given(policies, policies, pins)
def test_what_the_stricter_takes_both_take(one: PinPolicy, other: PinPolicy, pin: str) -> None:
    both = bool(rules(one, pin)) or bool(rules(other, pin))

    assert bool(rules(one.stricter(other), pin)) is both


@given(policies, policies)
def test_the_stricter_is_the_same_whoever_asks(one: PinPolicy, other: PinPolicy) -> None:
    assert one.stricter(other) == other.stricter(one)
    assert one.stricter(one) == one
    assert one.stricter(PinPolicy()) == one
    assert one.stricter(other).stricter(other) == one.stricter(other)


# --- what is guessed first ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("1234567890", guessable.DEFAULT),
        ("Password1", guessable.DEFAULT),
        ("23456789", guessable.SEQUENCE),
        ("98765432", guessable.SEQUENCE),
        ("Abcd1234", guessable.SEQUENCE),
        ("абвгд12345", guessable.SEQUENCE),
        ("Qwerty1234", guessable.KEYBOARD),
        ("Asdfgh12", guessable.KEYBOARD),
        ("йцукен12", guessable.KEYBOARD),
        ("poiuytre", guessable.KEYBOARD),
        ("Ab1Ab1Ab1", guessable.REPETITION),
        ("77777777", guessable.REPETITION),
    ],
)
def test_what_is_guessed_first_is_refused(pin: str, why: str) -> None:
    assert reason_to_refuse(pin, ()) == why


@pytest.mark.parametrize("pin", ["Kettle-Moss-42", "Tree1234oak", "aB3!aB3?", "zM41kQ7v"])
def test_what_is_not_guessed_first_passes(pin: str) -> None:
    assert reason_to_refuse(pin, ()) == ""


@pytest.mark.parametrize("pin", ["x0B5300143x", "3410035B0", "A0b5300143", "anna-4-Petrova"])
def test_what_stands_on_the_token_is_refused(pin: str) -> None:
    about = ("0B5300143", "Anna-4-Petrova")

    assert reason_to_refuse(pin, about) == guessable.PRINTED


def test_a_label_too_short_to_give_anything_away_refuses_nothing() -> None:
    assert reason_to_refuse("Kettle-Moss-42", ("", " ", "e", "42")) == ""


def test_the_policy_looks_at_what_stands_on_the_token() -> None:
    broken = BANK_DEFAULT.check(Secret("Xy0B5300143"), about=("0b5300143",))

    assert broken == (BrokenRule(Rule.GUESSABLE, detail=guessable.PRINTED),)


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3))
def test_judging_never_fails_and_knows_no_case(pin: str, about: list[str]) -> None:
    why = reason_to_refuse(pin, about)

    assert why in {
        "",
        guessable.DEFAULT,
        guessable.SEQUENCE,
        guessable.KEYBOARD,
        guessable.REPETITION,
        guessable.PRINTED,
    }
    assert reason_to_refuse(pin.casefold(), about) == why
