"""How each type of the contract is written and read: by its annotation, made once for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

from lockwright.host.codec import Packed, Reading, WireError, Writing
from lockwright.host.plain import PLAIN, Shape, other

T = TypeVar("T")
C = TypeVar("C", bound=Collection[object])


def pack(kind: object, value: object) -> Packed:
    """A value as it passes.

    Args:
        kind: its type, as an annotation names it.
        value: the value.

    Raises:
        WireError: it is of another type, or too long.
    """
    into = Writing()
    shape_of(kind).put(value, into)
    return into.packed()


def unpack(kind: type[T], packed: Packed) -> T:
    """The value of a type; its secrets are wiped where it is none.

    Args:
        kind: the type.
        packed: the value as it passed.

    Raises:
        WireError: it is no value of this type.
    """
    shape = shape_of(cast("object", kind))
    return cast("T", unpack_by(shape.take, packed))


def unpack_by(read: Callable[[Reading], T], packed: Packed) -> T:
    """What a function reads out of packed data; the secrets are wiped where it fails."""
    of = Reading(packed)
    try:
        value = read(of)
        of.end()
    except WireError:
        packed.wipe()
        raise
    return value


@cache
def shape_of(kind: object) -> Shape:
    """The shape of a type.

    Raises:
        TypeError: no value of this type may pass.
    """
    origin, of = get_origin(kind) or kind, get_args(kind)
    if origin in {Union, UnionType}:
        # Unions are equal whatever their order, so each is made in one.
        return _OneOf(sorted(of, key=str))
    if origin is tuple and of[-1] is not ...:
        return _Each(of)
    if origin in {list, tuple, frozenset, Sequence}:
        return _Several(tuple if origin is Sequence else cast("type", origin), of[0])
    if origin in {dict, Mapping}:
        return _Table(*of)
    if isinstance(kind, type):
        if kind in PLAIN:
            return PLAIN[kind]
        if issubclass(kind, Enum):
            return _Named(kind)
        if is_dataclass(kind):
            return _Record(kind)
    raise TypeError(f"{kind} may not pass")


def _without_doubles(found: C, number: int) -> C:
    if len(found) != number:
        raise WireError("it has the same twice")
    return found


class _Named(Shape):
    """A member of an enumeration, by its value."""

    def __init__(self, kind: type[Enum]) -> None:
        self._kind = kind
        self._members = {each.value: each for each in kind}
        self._value = shape_of(int if issubclass(kind, int) else str)

    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, self._kind):
            raise other(value)
        self._value.put(value.value, into)

    def take(self, of: Reading) -> Enum:
        member = self._members.get(self._value.take(of))
        if member is None:
            raise WireError(f"it is no {self._kind.__name__}")
        return member


class _Record(Shape):
    """A dataclass: its fields in their order."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        hints = get_type_hints(kind)
        self._fields = {each.name: shape_of(hints[each.name]) for each in fields(kind)}

    def put(self, value: object, into: Writing) -> None:
        if type(value) is not self._kind:
            raise other(value)
        for name, shape in self._fields.items():
            try:
                shape.put(getattr(value, name), into)
            except WireError as error:
                problem = f"{self._kind.__name__}.{name}: {error}"
            else:
                continue
            raise WireError(problem)

    def take(self, of: Reading) -> object:
        of.expect(len(self._fields))
        return self._kind(*[shape.take(of) for shape in self._fields.values()])


class _Each(Shape):
    """A tuple with a type for each place."""

    def __init__(self, kinds: Iterable[object]) -> None:
        self._shapes = [shape_of(kind) for kind in kinds]

    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, tuple) or len(value) != len(self._shapes):
            raise other(value)
        for shape, each in zip(self._shapes, value, strict=True):
            shape.put(each, into)

    def take(self, of: Reading) -> tuple[object, ...]:
        return tuple(shape.take(of) for shape in self._shapes)


class _Several(Shape):
    """Any number of one type; what is named a sequence comes out as a tuple."""

    def __init__(self, kind: type, part: object) -> None:
        self._kind = kind
        self._part = shape_of(part)

    def put(self, value: object, into: Writing) -> None:
        taken = frozenset | set if self._kind is frozenset else list | tuple
        if not isinstance(value, taken):
            raise other(value)
        parts = cast("Sequence[object]", value)
        into.count(len(parts))
        for each in parts:
            self._part.put(each, into)

    def take(self, of: Reading) -> object:
        number = of.count()
        several: Collection[object] = self._kind(self._part.take(of) for _ in range(number))
        return _without_doubles(several, number)


class _Table(Shape):
    def __init__(self, key: object, value: object) -> None:
        self._key, self._value = shape_of(key), shape_of(value)

    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, Mapping):
            raise other(value)
        table: Mapping[object, object] = value
        into.count(len(table))
        for key, each in table.items():
            self._key.put(key, into)
            self._value.put(each, into)

    def take(self, of: Reading) -> dict[object, object]:
        number = of.count()
        table = {self._key.take(of): self._value.take(of) for _ in range(number)}
        return _without_doubles(table, number)


class _OneOf(Shape):
    """One of several types, by its number."""

    def __init__(self, kinds: Iterable[object]) -> None:
        self._shapes = [shape_of(kind) for kind in kinds]

    def put(self, value: object, into: Writing) -> None:
        mark, problem = into.mark(), other(value)
        for number, shape in enumerate(self._shapes):
            into.choice(number)
            try:
                shape.put(value, into)
            except WireError as error:
                # Of a dataclass that does not fit it is told which field it was.
                problem = error if ":" in str(error) else problem
                into.back_to(mark)
            else:
                return
        raise problem

    def take(self, of: Reading) -> object:
        number = of.choice()
        if number >= len(self._shapes):
            raise WireError("it is of none of several types")
        return self._shapes[number].take(of)
