"""Which objects belong together: those of one key, whatever ids the token gives them.

PKCS#11 does not make ``CKA_ID`` unique, so it joins nothing by itself; the public value does, and
every public key and certificate shows it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lockwright.models import ObjectKind, Remark, TokenObject
from lockwright.operations.hidden_keys import NOTHING_PROVED, Doubt, HiddenKeys, Proved
from lockwright.pkcs11 import public_values
from lockwright.records import dataclass

_OF_KEYS = (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE)
_Place = tuple[str, bytes]
"""Where an object belongs: to a public value, to one of several copies of a private key, or to
an object that stands alone."""


def of_a_key(obj: TokenObject) -> bool:
    """Whether an object belongs to a key; of what cannot be read nobody knows to which."""
    return obj.kind in _OF_KEYS and not obj.unreadable


@dataclass(frozen=True, slots=True)
class Group:
    """Objects of one key."""

    ref: str
    """Its name within the token (``Container.ref``)."""
    members: tuple[TokenObject, ...]
    """The objects, in the order of the token."""
    remarks: tuple[Remark, ...]
    """What is odd about it."""


def grouped(objects: Iterable[TokenObject], proved: Proved = NOTHING_PROVED) -> list[Group]:
    """Keys and certificates by the key that they are of.

    Args:
        objects: everything on the token, as an adapter read it.
        proved: what trial signatures found.
    """
    return _Sorting(objects, proved).groups()


def doubts(objects: Iterable[TokenObject], proved: Proved = NOTHING_PROVED) -> list[Doubt]:
    """Private keys whose place is not certain, and that a trial signature would settle.

    The arguments are those of ``grouped``.
    """
    return _Sorting(objects, proved).hidden.doubts()


class _Sorting:
    def __init__(self, objects: Iterable[TokenObject], proved: Proved) -> None:
        self._objects = [obj for obj in objects if of_a_key(obj)]
        found = {obj.ref: _shown(obj) or proved.get(obj.ref) for obj in self._objects}
        shown = {ref: value for ref, value in found.items() if value}
        self.hidden = HiddenKeys(self._objects, shown, proved)
        self._places: dict[str, _Place] = {
            ref: ("value", value) for ref, value in (shown | self.hidden.joined).items()
        }
        self._guessed = self._place_the_rest()

    def groups(self) -> list[Group]:
        found = _copies_apart(self._objects, self._places)
        shared = _shared_ids(found.values())
        return [
            Group(_name(place), tuple(members), tuple(self._remarks(place, members, shared)))
            for place, members in found.items()
        ]

    def _place_the_rest(self) -> set[str]:
        """Put what shows no key with the only key of its id; those that were put so."""
        same_id: dict[bytes, list[TokenObject]] = defaultdict(list)
        rest = []
        for obj in self._objects:
            same_id[obj.id].append(obj)
            if obj.ref in self._places:
                continue
            if obj.kind is ObjectKind.PRIVATE_KEY:
                self._places[obj.ref] = ("alone", obj.ref.encode())
            else:
                rest.append(obj)
        only = {obj.ref: self._only_key(obj, same_id[obj.id]) for obj in rest}
        for obj in rest:
            self._places[obj.ref] = only[obj.ref] or ("alone", obj.ref.encode())
        return {ref for ref, place in only.items() if place}

    def _only_key(self, obj: TokenObject, same_id: Iterable[TokenObject]) -> _Place | None:
        """The place of the only key that has an id, for what shows no key itself."""
        if not obj.id:
            return None
        places = {self._places[each.ref] for each in same_id if each.ref in self._places}
        silent = [each for each in same_id if each.ref not in self._places]
        public = [each for each in silent if each.kind is ObjectKind.PUBLIC_KEY]
        alone = len(public) <= 1 or obj.kind is not ObjectKind.PUBLIC_KEY
        return places.pop() if len(places) == 1 and alone else None

    def _remarks(
        self, place: _Place, members: Sequence[TokenObject], shared: frozenset[bytes]
    ) -> Iterable[Remark]:
        ids = {obj.id for obj in members}
        if len(ids) > 1:
            yield Remark.IDS_DIFFER
        if ids & shared:
            yield Remark.SHARES_ID
        if any(obj.ref in self._guessed or self.hidden.is_guessed(obj) for obj in members):
            yield Remark.BY_ID
        if any(self.hidden.is_unclear(obj) for obj in members):
            yield Remark.UNCLEAR
        if place[0] == "copy":
            yield Remark.COPY


def _shown(obj: TokenObject) -> bytes | None:
    """The public value of an object; of a certificate also where the adapter left it out."""
    if obj.public_value is None and obj.kind is ObjectKind.CERTIFICATE:
        return public_values.of_certificate(obj.value or b"")
    return obj.public_value


def _copies_apart(
    objects: Iterable[TokenObject], places: Mapping[str, _Place]
) -> dict[_Place, list[TokenObject]]:
    """Objects by place; a private key that is there twice, by another name, has two places."""
    whole: dict[_Place, list[TokenObject]] = defaultdict(list)
    for obj in objects:
        whole[places[obj.ref]].append(obj)
    found: dict[_Place, list[TokenObject]] = defaultdict(list)
    for place, members in whole.items():
        tags = {(o.id, o.label) for o in members if o.kind is ObjectKind.PRIVATE_KEY}
        if len(tags) <= 1:
            found[place] = members
            continue
        for obj in members:
            found["copy", place[1] + _tag(obj, tags)].append(obj)
    return found


def _tag(obj: TokenObject, tags: set[tuple[bytes, str]]) -> bytes:
    """Which of several copies of a private key an object goes with; empty for none."""
    exact = {(obj.id, obj.label)} & tags
    same = exact or {tag for tag in tags if tag[0] == obj.id}
    if len(same) != 1:
        return b""
    ((key_id, label),) = same
    return b"\0" + key_id + b"\0" + label.encode(errors="surrogatepass")


def _shared_ids(groups: Iterable[Sequence[TokenObject]]) -> frozenset[bytes]:
    """Ids that objects of several keys have."""
    seen: set[bytes] = set()
    shared: set[bytes] = set()
    for members in groups:
        ids = {obj.id for obj in members if obj.id}
        shared |= ids & seen
        seen |= ids
    return frozenset(shared)


def ref_alone(ref: str) -> str:
    """The name of the group of an object that stands alone, by the object's ref."""
    return _name(("alone", ref.encode()))


def _name(place: _Place) -> str:
    return hashlib.sha256(b"container\0" + place[0].encode() + b"\0" + place[1]).hexdigest()[:32]
