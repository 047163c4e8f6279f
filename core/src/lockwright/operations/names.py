"""What each thing on a token is called for ``delete``, and what a name that was typed means.

A name that fits two things means neither, however it fits: by id, by label, or by the beginning
of a fingerprint or a ref. So no label that somebody chose can stand in for another thing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from lockwright.models import Container, ObjectKind, TokenObject
from lockwright.operations.belonging import ref_alone
from lockwright.pkcs11.refs import OF, TWIN, base, base_of, by_value, number_of, numbered

SHORTEST_PREFIX = 6
"""Digits of a ref or a fingerprint that name a thing, at least."""
_USUAL_PREFIX = 12
_WHOLE = 32
"""Digits of a ref."""


def is_blank(selector: str) -> bool:
    """Whether a selector says nothing: an unset variable, blanks, ``0x`` without digits."""
    return selector.strip().lower() in {"", "0x"}


class Names:
    """The names of things on one token.

    Args:
        containers: its containers.
        objects: what is in no container.
    """

    def __init__(self, containers: Sequence[Container], objects: Sequence[TokenObject]) -> None:
        every = [*(obj for container in containers for obj in container.objects), *objects]
        self._said: dict[str, set[str]] = defaultdict(set)
        self._hex: dict[str, set[str]] = defaultdict(set)
        self._digests: list[tuple[str, str]] = []
        self._twins = Counter(map(base_of, every))
        self._tried = {base_of(obj) for obj in every if OF in obj.ref}
        """What objects are of which a trial told some apart: a number names none of them."""
        for container in containers:
            self._add_container(container)
        self._refs = {obj.ref for obj in every}
        self._digests += ((ref, ref) for ref in self._refs)
        self._digests.sort()

    def fits(self, selector: str) -> set[str]:
        """Refs of every container and object that a selector fits."""
        if is_blank(selector):
            return set()
        wanted = selector.strip().lower().removeprefix("0x")
        found = self._said.get(selector, set()) | self._hex.get(wanted, set())
        return found | set(self._begun(wanted))

    def of_container(self, container: Container) -> str:
        """The first of a container's names that fits it alone."""
        label = container.label
        typed = label.isprintable() and label == label.strip() and not label.startswith("-")
        names = [container.id.hex(), label if typed else ""]
        names += (container.ref[:digits] for digits in range(_USUAL_PREFIX, _WHOLE + 1))
        fitting = (n for n in names if n and self.fits(n) == {container.ref})
        return next(fitting, container.ref)

    def of_object(self, obj: TokenObject) -> str:
        """So much of an object's ref that it fits it alone."""
        if OF in obj.ref:
            return obj.ref
        digest = base_of(obj)
        twin = f"{TWIN}{number_of(obj.ref)}" if self._twins[digest] > 1 else ""
        names = (digest[:digits] + twin for digits in range(_USUAL_PREFIX, _WHOLE + 1))
        return next((name for name in names if self.fits(name) == {obj.ref}), obj.ref)

    def _add_container(self, container: Container) -> None:
        self._digests.append((container.ref, container.ref))
        if container.id:
            self._hex[container.id.hex()].add(container.ref)
        subjects = (c.subject for c in container.certificates if c.subject)
        for said in (container.label, container.name, *(subjects if not container.label else ())):
            if said.strip():
                self._said[said].add(container.ref)
        for obj in container.objects:
            if obj.id and obj.id != container.id:
                self._hex[obj.id.hex()].add(obj.ref)
            if obj.label.strip() and obj.label not in {container.label, container.name}:
                self._said[obj.label].add(obj.ref)
        self._digests += ((c.fingerprint, c.object.ref) for c in container.certificates)
        self._digests += ((name, container.ref) for name in self._otherwise_proved(container))

    def _otherwise_proved(self, container: Container) -> Iterator[str]:
        """What named its private keys while it was not known whose they are, or will then."""
        for key in container.keys:
            if (digest := base_of(key)) in self._tried:
                numbers = range(1, self._twins[digest] + 1)
                yield from (ref_alone(numbered(digest, number)) for number in numbers)
            elif key.kind is ObjectKind.PRIVATE_KEY:
                yield ref_alone(key.ref)
                if self._twins[digest] > 1:
                    yield ref_alone(by_value(digest, b""))

    def _begun(self, wanted: str) -> Iterator[str]:
        """Refs of what has a digest that begins so; of twins, those of the number that is said."""
        begin, _, number = wanted.partition(TWIN)
        if len(begin) < SHORTEST_PREFIX:
            return
        if wanted in self._refs and (OF in wanted or base(wanted) not in self._tried):
            yield wanted
            return
        for at in range(bisect_left(self._digests, (begin, "")), len(self._digests)):
            digest, ref = self._digests[at]
            if not digest.startswith(begin):
                return
            fits = base(ref) in self._tried or number == number_of(ref)
            if not number or (fits and base(ref) == base(digest)):
                yield ref
