"""The PIN policy: the bank's rules and the token's, the stricter of both, before a login."""

from __future__ import annotations

import string
from collections.abc import Iterable
from enum import StrEnum

from lockwright.policy.guessable import reason_to_refuse
from lockwright.records import dataclass
from lockwright.secret import Secret

HIGHEST = 999
"""The highest number that a rule may ask for."""


class Rule(StrEnum):
    """A rule that a PIN can break."""

    MIN_LENGTH = "min-length"
    MAX_LENGTH = "max-length"
    MAX_BYTES = "max-bytes"
    MIN_BYTES = "min-bytes"
    DIGITS = "digits"
    UPPER = "upper"
    LOWER = "lower"
    SPECIAL = "special"
    REPEATED = "repeated"
    GUESSABLE = "guessable"
    NOT_TEXT = "not-text"


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule that a PIN breaks."""

    rule: Rule
    """Which rule."""
    required: int | None = None
    """The number the rule asks for, where it has one."""
    detail: str = ""
    """For ``GUESSABLE``: what it is, a key of ``lockwright.policy.guessable``."""


@dataclass(frozen=True, slots=True)
class PinPolicy:
    """Rules for a PIN; None or 0 means that a rule asks for nothing.

    The default is no rule at all, which is what a token that reports nothing has.
    """

    min_length: int = 0
    """Shortest PIN, in characters as a person counts them."""
    max_length: int | None = None
    """Longest PIN, in characters."""
    min_bytes: int = 0
    """Shortest PIN in bytes of UTF-8, as the token counts."""
    max_bytes: int | None = None
    """Longest PIN in bytes of UTF-8, as the token counts."""
    min_digits: int = 0
    """Digits 0 to 9, at least."""
    min_upper: int = 0
    """Upper-case Latin letters, at least."""
    min_lower: int = 0
    """Lower-case Latin letters, at least."""
    min_special: int = 0
    """Printable ASCII characters that are neither letter nor digit, at least."""
    max_repeated: int | None = None
    """Equal characters in a row, at most."""
    refuse_guessable: bool = False
    """Refuse vendor defaults, sequences, keyboard rows, and the token's serial and label."""

    def stricter(self, other: PinPolicy) -> PinPolicy:
        """The policy that keeps every rule of both."""
        return PinPolicy(
            min_length=max(self.min_length, other.min_length),
            max_length=_lower(self.max_length, other.max_length),
            min_bytes=max(self.min_bytes, other.min_bytes),
            max_bytes=_lower(self.max_bytes, other.max_bytes),
            min_digits=max(self.min_digits, other.min_digits),
            min_upper=max(self.min_upper, other.min_upper),
            min_lower=max(self.min_lower, other.min_lower),
            min_special=max(self.min_special, other.min_special),
            max_repeated=_lower(self.max_repeated, other.max_repeated),
            refuse_guessable=self.refuse_guessable or other.refuse_guessable,
        )

    def contradiction(self) -> tuple[str, int, int] | None:
        """Why no PIN can keep it: a field, its limit, and what the other rules need; or None."""
        classes = self.min_digits + self.min_upper + self.min_lower + self.min_special
        shortest = max(self.min_length, classes)
        for least, name, most in (
            (shortest, "max_length", self.max_length),
            (max(shortest, self.min_bytes), "max_bytes", self.max_bytes),
        ):
            if most is not None and least > most:
                return name, most, least
        return None

    def check(self, pin: Secret, *, about: Iterable[str] = ()) -> tuple[BrokenRule, ...]:
        """Every rule that a PIN breaks, all at once.

        Args:
            pin: the PIN to judge.
            about: strings an attacker reads off the token, such as its serial and label.
        """
        try:
            text = pin.reveal_text()
        except UnicodeDecodeError:
            return (BrokenRule(Rule.NOT_TEXT),)
        broken = [*self._lengths(text, len(pin)), *self._classes(text)]
        if self.max_repeated is not None and _longest_run(text) > self.max_repeated:
            broken.append(BrokenRule(Rule.REPEATED, self.max_repeated))
        if self.refuse_guessable and (why := reason_to_refuse(text, about)):
            broken.append(BrokenRule(Rule.GUESSABLE, detail=why))
        return tuple(broken)

    def _lengths(self, text: str, size: int) -> Iterable[BrokenRule]:
        if len(text) < self.min_length:
            yield BrokenRule(Rule.MIN_LENGTH, self.min_length)
        if self.max_length is not None and len(text) > self.max_length:
            yield BrokenRule(Rule.MAX_LENGTH, self.max_length)
        if size < self.min_bytes and len(text) >= self.min_length:
            yield BrokenRule(Rule.MIN_BYTES, self.min_bytes)
        if self.max_bytes is not None and size > self.max_bytes:
            yield BrokenRule(Rule.MAX_BYTES, self.max_bytes)

    def _classes(self, text: str) -> Iterable[BrokenRule]:
        for rule, least, alphabet in (
            (Rule.DIGITS, self.min_digits, string.digits),
            (Rule.UPPER, self.min_upper, string.ascii_uppercase),
            (Rule.LOWER, self.min_lower, string.ascii_lowercase),
            (Rule.SPECIAL, self.min_special, string.punctuation + " "),
        ):
            if sum(character in alphabet for character in text) < least:
                yield BrokenRule(rule, least)


BANK_DEFAULT = PinPolicy(
    min_length=8, min_digits=1, min_upper=1, min_lower=1, refuse_guessable=True
)
"""The bank's profile where nothing else is configured: at least eight characters with a digit, an
upper- and a lower-case Latin letter, and nothing that is guessed first."""


def _lower(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _longest_run(text: str) -> int:
    longest = run = 0
    before = ""
    for character in text:
        run = run + 1 if character == before else 1
        before, longest = character, max(longest, run)
    return longest
