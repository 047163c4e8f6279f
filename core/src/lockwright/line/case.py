"""What an operator's program is told by the help desk, read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from lockwright.records import dataclass
from lockwright.secret import Secret

_T = TypeVar("_T")
Said = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TokenFound:
    """A token of the bank's register."""

    id: int
    """Its number there."""
    model: str
    serial: str
    state: str
    """``issued``, ``suspended``, ``lost`` or ``retired``."""
    holder: str
    """Name of the client; empty where the bank has it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the help desk, as it was when it was asked for."""

    number: str
    """Eight digits."""
    revision: int
    state: str
    """``open``, ``verified``, ``ready``, ``waiting``, ``agreed``, ``denied``, ``answered``,
    ``worked``, ``failed`` or ``called-off``."""
    state_text: str
    """The same for a person."""
    may: frozenset[str]
    """What can be done with it as it is."""
    adapter: str
    model: str
    serial: str
    client: str
    login: str
    phone: str
    """The number on record; empty if there is none."""
    means: Mapping[str, str]
    """By what the caller can be verified: names, and what a person reads."""
    request: str
    """The Request in groups; empty as yet."""
    words_typed: bool
    """Whether the words have to be typed as they were heard."""
    words_right: bool
    words: str
    """The check words; empty where they are not told yet."""
    digits: str
    """The same as digits."""
    second: str
    """Why a second person is asked; empty where none is."""
    decided_by: str
    decided_why: str

    @property
    def spoken(self) -> str:
        """Its number as it is read aloud: ``4827-1930``."""
        return f"{self.number[:4]}-{self.number[4:]}"


@dataclass(frozen=True, slots=True)
class Group:
    """Characters that are read aloud together, and a word for each."""

    characters: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """A Response; whoever has it wipes it."""

    spoken: Secret
    """In groups, the last its check."""
    groups: Sequence[Group]
    again: bool
    """Whether this case had it before."""


def tokens_in(said: Said) -> tuple[TokenFound, ...]:
    """Tokens that were found.

    Raises:
        ValueError: they cannot be read.
    """
    return tuple(
        TokenFound(
            id=_of(int, each, "id"),
            model=_text(each, "model"),
            serial=_text(each, "serial"),
            state=_text(each, "state"),
            holder="" if each.get("holder") is None else _text(_part(each, "holder"), "name"),
        )
        for each in map(_object, _of(list, said, "tokens"))
    )


def case_in(said: Said) -> Case:
    """A case.

    Raises:
        ValueError: it cannot be read.
    """
    token, client = _part(said, "token"), _part(said, "client")
    check = {} if said.get("check") is None else _part(said, "check")
    means = [_object(each) for each in _of(list, said, "means")]
    return Case(
        number=_text(said, "number"),
        revision=_of(int, said, "revision"),
        state=_text(said, "state"),
        state_text=_text(said, "state_text"),
        may=frozenset(map(str, _of(list, said, "may"))),
        adapter=_text(token, "adapter"),
        model=_text(token, "model"),
        serial=_text(token, "serial"),
        client=_text(client, "name"),
        login=_text(client, "login"),
        phone=_text(client, "phone"),
        means={_text(each, "name"): _text(each, "text") for each in means},
        request=_text(said, "request"),
        words_typed=_of(bool, said, "words_typed"),
        words_right=_of(bool, said, "words_right"),
        words=_text(check, "words"),
        digits=_text(check, "digits"),
        second=_text(said, "second"),
        decided_by=_text(said, "decided_by"),
        decided_why=_text(said, "decided_why"),
    )


def answer_in(said: Said) -> CaseAnswer:
    """A Response.

    Raises:
        ValueError: it cannot be read.
    """
    groups = [_object(each) for each in _of(list, said, "groups")]
    return CaseAnswer(
        spoken=Secret(_text(said, "spoken")),
        groups=tuple(
            Group(_text(each, "characters"), tuple(map(str, _of(list, each, "words"))))
            for each in groups
        ),
        again=_of(bool, said, "again"),
    )


def part_of(said: Said, name: str) -> Said:
    """An object within.

    Raises:
        ValueError: there is none.
    """
    return _part(said, name)


def notes_in(said: Said) -> tuple[str, ...]:
    """What was read otherwise than it was typed.

    Raises:
        ValueError: it cannot be read.
    """
    return tuple(map(str, _of(list, said, "notes")))


def _object(found: object) -> Said:
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004  # of what a stranger sent
    return found


def _part(said: Said, name: str) -> Said:
    return _object(said.get(name))


def _text(said: Said, name: str) -> str:
    """A text; null is an empty one."""
    return "" if said.get(name) is None else _of(str, said, name)


def _of(kind: type[_T], said: Said, name: str) -> _T:
    found = said.get(name)
    if not isinstance(found, kind):
        raise ValueError(name)  # noqa: TRY004  # of what a stranger sent
    return found
