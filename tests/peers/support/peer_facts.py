"""What a listing shows, whoever made it, and facts that it shows right or does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Thing:
    """What a listing shows as one: in one block, or under one identifier."""

    text: str
    """All that is said of it, on one line."""
    keys: int = 0
    """How many private keys are in it."""
    certificates: tuple[str, ...] = ()
    """What is said of each certificate in it."""


Listing = Sequence[Thing]


@dataclass(frozen=True)
class Fact:
    """Something that is true of a token."""

    sentence: str
    """What it is, for a reader of the table."""
    shown: Callable[[Listing], bool]
    """Whether a listing shows it."""


def keys(number: int) -> Fact:
    """That many private keys are shown."""
    return Fact(
        f"{number} private key{'s' if number > 1 else ''}",
        lambda listing: sum(each.keys for each in listing) == number,
    )


def told_apart() -> Fact:
    """Things are told apart by what is said of them, not by their place in the list alone."""

    def shown(listing: Listing) -> bool:
        texts = [each.text for each in listing if each.keys]
        return len(set(texts)) == len(texts) > 1

    return Fact("each key has a name that no other has", shown)


def no_certificate() -> Fact:
    """No certificate is shown as the key's."""
    return Fact("no certificate is with the key", lambda listing: _with_keys(listing) == [()])


def certificates(number: int) -> Fact:
    """That many certificates are shown as the key's."""
    what = "its certificate is" if number == 1 else f"{number} certificates are"
    return Fact(
        f"{what} with the key",
        lambda listing: [len(own) for own in _with_keys(listing)] == [number],
    )


def own_certificate(*words: str) -> Fact:
    """One certificate is shown as the key's, and it is known by one of some words."""

    def shown(listing: Listing) -> bool:
        return [
            len(own) == 1 and any(word in own[0] for word in words) for own in _with_keys(listing)
        ] == [True]

    return Fact("its own certificate, and no other, is with the key", shown)


def not_with_the_key(*words: str) -> Fact:
    """A certificate, known by one of some words, is shown, and not as the key's."""

    def shown(listing: Listing) -> bool:
        def found(thing: Thing) -> bool:
            return any(word in each for each in thing.certificates for word in words)

        return any(map(found, listing)) and not any(each.keys and found(each) for each in listing)

    return Fact("the CA's certificate is not the key's", shown)


def holder(name: str) -> Fact:
    """The holder's name is readable in a certificate."""
    return Fact(f"the holder is {name}", lambda listing: any(name in e for e in _said(listing)))


def expiry(*days: date, whose: str = "the certificate") -> Fact:
    """A certificate ends on that day, or on one of those days."""
    form = re.compile("|".join(map(_written, days)))
    return Fact(
        f"the day on which {whose} expires",
        lambda listing: any(form.search(each) for each in _said(listing)),
    )


def key_type(name: str, *words: str) -> Fact:
    """The type of the key is named; each of the words is a pattern for a part of the name."""

    def shown(listing: Listing) -> bool:
        said = " ".join(each.text for each in listing if each.keys)
        return all(re.search(word, said, re.IGNORECASE) for word in words)

    return Fact(f"the key is {name}", shown)


def named(name: str) -> Fact:
    """The key has the name that its maker gave it."""
    return Fact(
        f"the key is named {name}",
        lambda listing: any(each.keys and name in each.text for each in listing),
    )


def _with_keys(listing: Listing) -> list[tuple[str, ...]]:
    return [each.certificates for each in listing if each.keys]


def _said(listing: Listing) -> list[str]:
    return [said for each in listing for said in each.certificates]


def _written(day: date) -> str:
    """A day as ISO 8601 has it, or as ``ctime`` does, with a zone before the year or none."""
    return rf"{day.isoformat()}|{day:%b} +0?{day.day} [\d:]+ (?:[A-Z]+ )?{day.year}"
