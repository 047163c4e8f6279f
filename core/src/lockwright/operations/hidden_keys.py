"""Private keys that show no public key, as most of EC and GOST do: where they may belong.

Such a key is put where its id points, or without an id its label, unless something speaks against
it. Only a trial signature can prove it, which costs one on the token.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lockwright.models import ObjectKind, TokenObject
from lockwright.pkcs11.ecdsa import POINT_LENGTHS
from lockwright.records import dataclass

NONE_OF_THEM = b""
"""What a trial finds of a private key that fits none of the public values."""
Proved = Mapping[str, bytes]
"""Public values that trial signatures found, by the private key's ``ref``."""
NOTHING_PROVED: Proved = {}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A private key of which only a signature can tell where it belongs."""

    key: TokenObject
    """The private key."""
    values: tuple[bytes, ...]
    """The public values, one of which may be its own."""


class HiddenKeys:
    """Where the private keys of a token belong that show no public value.

    Args:
        objects: the keys and certificates.
        values: the public value of each that shows one, by ``ref``.
        proved: what trial signatures found.
    """

    def __init__(
        self, objects: Iterable[TokenObject], values: Mapping[str, bytes], proved: Proved
    ) -> None:
        self._values = values
        self._proved = proved
        private, public = [], defaultdict(list)
        for obj in objects:
            if obj.kind is ObjectKind.PRIVATE_KEY:
                private.append(obj)
            elif obj.ref in values:
                public[obj.id].append(obj)
        self._claimed = {values.get(key.ref) for key in private}
        self._near = {
            key.ref: self._neighbours(key, public[key.id])
            for key in private
            if key.ref not in values
        }
        self._keys = [key for key in private if key.ref in self._near]
        self.joined = self._join()

    def doubts(self) -> list[Doubt]:
        """Those whose place is not certain, and that a trial would settle."""
        found = []
        for key in self._keys:
            options = {self._values[obj.ref] for obj in self._near[key.ref]} - self._claimed
            if options and not self._bears_its_name(key):
                found.append(Doubt(key, tuple(sorted(options))))
        return found

    def is_guessed(self, key: TokenObject) -> bool:
        """Whether a key was put where its id, or label, points, and nothing else tells."""
        return key.ref in self.joined and not self.is_sure(key)

    def is_unclear(self, key: TokenObject) -> bool:
        """Whether a key is put nowhere, since it may be that of several."""
        return bool(self._near.get(key.ref)) and key.ref not in self.joined

    def is_sure(self, key: TokenObject) -> bool:
        """Whether a public key is the other half: the only one of its id, or of its label, too."""
        public = [o for o in self._near.get(key.ref, ()) if o.kind is ObjectKind.PUBLIC_KEY]
        only = len({self._values[obj.ref] for obj in public}) == 1
        return bool(key.id) and any(
            (only or obj.label == key.label) and self._values[obj.ref] == self.joined.get(key.ref)
            for obj in public
        )

    def _bears_its_name(self, key: TokenObject) -> bool:
        """Whether a key is put with a public key of its id and label: who names one, names both."""
        return bool(key.id and key.label) and any(
            obj.kind is ObjectKind.PUBLIC_KEY
            and obj.label == key.label
            and self._values[obj.ref] == self.joined.get(key.ref)
            for obj in self._near[key.ref]
        )

    def _neighbours(self, key: TokenObject, same_id: Iterable[TokenObject]) -> list[TokenObject]:
        """What shows a public value that may be a private key's own."""
        if self._proved.get(key.ref) == NONE_OF_THEM:
            return []
        length = POINT_LENGTHS.get(key.key_type or "")
        return [
            obj
            for obj in same_id
            if (key.id or obj.label == key.label) and length in {None, len(self._values[obj.ref])}
        ]

    def _join(self) -> dict[str, bytes]:
        """The public value to which each private key is put, where only one is possible."""
        claims: dict[bytes, list[TokenObject]] = defaultdict(list)
        for key in self._keys:
            if (value := self._choice(key)) is not None:
                claims[value].append(key)
        joined = {}
        for value, keys in claims.items():
            meant = keys
            if len(keys) > 1:
                meant = [key for key in keys if value in self._of_its_label(key)]
            if len(meant) == 1:
                joined[meant[0].ref] = value
        return joined

    def _choice(self, key: TokenObject) -> bytes | None:
        """The one public value that is possible: of public keys, or of certificates without."""
        near = self._near[key.ref]
        public = {self._values[obj.ref] for obj in near if obj.kind is ObjectKind.PUBLIC_KEY}
        options = (public or {self._values[obj.ref] for obj in near}) - self._claimed
        if len(options) > 1:
            options &= self._of_its_label(key)
        return options.pop() if len(options) == 1 else None

    def _of_its_label(self, key: TokenObject) -> set[bytes]:
        return {self._values[o.ref] for o in self._near[key.ref] if o.label == key.label}
