"""The rules of a PIN policy in people's words, and packed for an error's facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from lockwright.i18n import _, ngettext
from lockwright.policy import BrokenRule, PinPolicy, Rule

_MARK = ":"
_FIELDS = {
    "min_length": Rule.MIN_LENGTH,
    "max_length": Rule.MAX_LENGTH,
    "min_bytes": Rule.MIN_BYTES,
    "max_bytes": Rule.MAX_BYTES,
    "min_digits": Rule.DIGITS,
    "min_upper": Rule.UPPER,
    "min_lower": Rule.LOWER,
    "min_special": Rule.SPECIAL,
    "max_repeated": Rule.REPEATED,
    "refuse_guessable": Rule.GUESSABLE,
}


def encode_rules(broken: Iterable[BrokenRule]) -> tuple[str, ...]:
    """Broken rules as texts, so that they pass wherever an error's facts pass."""
    return tuple(
        _MARK.join((rule.rule, "" if rule.required is None else str(rule.required), rule.detail))
        for rule in broken
    )


def decode_rules(encoded: Iterable[str]) -> tuple[BrokenRule, ...]:
    """The broken rules that ``encode_rules`` packed.

    Raises:
        ValueError: a text is not one of its making.
    """
    found = []
    for text in encoded:
        rule, _mark, rest = text.partition(_MARK)
        required, _mark, detail = rest.partition(_MARK)
        found.append(BrokenRule(Rule(rule), int(required) if required else None, detail))
    return tuple(found)


def rule_text(rule: BrokenRule) -> str:
    """What a rule asks for, as one point of a list without a full stop."""
    if rule.rule is Rule.GUESSABLE:
        if not rule.detail:
            return _("nothing that is guessed first: no default PIN, sequence or keyboard row")
        return _("nothing that is guessed first: this is {reason}").format(reason=_(rule.detail))
    if rule.rule is Rule.NOT_TEXT:
        return _("only characters that can be typed")
    n = rule.required or 0
    return _numbered(rule.rule, n).format(n=n)


def policy_rules(policy: PinPolicy) -> list[BrokenRule]:
    """What a policy asks for, each rule as it would be broken; empty if it asks for nothing."""
    rules = []
    for field in fields(policy):
        value = getattr(policy, field.name)
        if value is None or value is False or (value == 0 and field.name.startswith("min_")):
            continue
        if field.name == "min_bytes" and value <= policy.min_length:
            continue  # no character takes less than a byte
        rules.append(BrokenRule(_FIELDS[field.name], None if value is True else value))
    return rules


def policy_lines(policy: PinPolicy) -> list[str]:
    """What a policy asks for, one point a line; empty if it asks for nothing."""
    return [rule_text(rule) for rule in policy_rules(policy)]


def _numbered(rule: Rule, n: int) -> str:
    """The text of a rule with a number, in the form that goes with it."""
    texts = {
        Rule.MIN_LENGTH: lambda: ngettext("at least {n} character", "at least {n} characters", n),
        Rule.MAX_LENGTH: lambda: ngettext("at most {n} character", "at most {n} characters", n),
        Rule.MIN_BYTES: lambda: ngettext(
            "at least {n} digit or Latin letter (a Cyrillic letter counts for two)",
            "at least {n} digits and Latin letters (a Cyrillic letter counts for two)",
            n,
        ),
        Rule.MAX_BYTES: lambda: ngettext(
            "at most {n} digit or Latin letter (a Cyrillic letter counts for two)",
            "at most {n} digits and Latin letters (a Cyrillic letter counts for two)",
            n,
        ),
        Rule.DIGITS: lambda: ngettext("at least {n} digit", "at least {n} digits", n),
        Rule.UPPER: lambda: ngettext(
            "at least {n} upper-case Latin letter", "at least {n} upper-case Latin letters", n
        ),
        Rule.LOWER: lambda: ngettext(
            "at least {n} lower-case Latin letter", "at least {n} lower-case Latin letters", n
        ),
        Rule.SPECIAL: lambda: ngettext(
            "at least {n} special character, such as ! or #",
            "at least {n} special characters, such as ! or #",
            n,
        ),
        Rule.REPEATED: lambda: ngettext(
            "at most {n} equal character in a row", "at most {n} equal characters in a row", n
        ),
    }
    return texts[rule]()
