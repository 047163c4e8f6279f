"""The rules of a PIN policy in people's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lockwright import i18n
from lockwright.explain import decode_rules, encode_rules, policy_lines, rule_text
from lockwright.policy import BANK_DEFAULT, BrokenRule, PinPolicy, Rule
from lockwright.policy.guessable import KEYBOARD


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def test_rules_come_back_as_they_were_packed() -> None:
    broken = (
        BrokenRule(Rule.MIN_LENGTH, 8),
        BrokenRule(Rule.GUESSABLE, detail=KEYBOARD),
        BrokenRule(Rule.GUESSABLE, detail="a: b"),
        BrokenRule(Rule.NOT_TEXT),
        BrokenRule(Rule.MAX_LENGTH, 0),
    )

    assert decode_rules(encode_rules(broken)) == broken


@pytest.mark.parametrize("text", ["", "no-such-rule::", "min-length:eight:"])
def test_what_was_not_packed_is_not_unpacked(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode_rules([text])


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_a_text(rule: Rule, language: str) -> None:
    i18n.use(language)

    texts = {rule_text(BrokenRule(rule, n)) for n in (1, 2, 5)}

    assert all(text and "{" not in text and not text.endswith(".") for text in texts)
    assert language == "en" or all(re.search("[а-яё]", text) for text in texts)


def test_a_policy_is_told_line_by_line() -> None:
    assert policy_lines(BANK_DEFAULT) == [
        "at least 8 characters",
        "at least 1 digit",
        "at least 1 upper-case Latin letter",
        "at least 1 lower-case Latin letter",
        "nothing that is guessed first: no default PIN, sequence or keyboard row",
    ]
    assert policy_lines(PinPolicy()) == []
    assert policy_lines(PinPolicy(max_length=16, max_repeated=2)) == [
        "at most 16 characters",
        "at most 2 equal characters in a row",
    ]
