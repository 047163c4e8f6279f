"""A deletion before it is done, and what came of it."""

from __future__ import annotations

from lockwright.models.objects import Container, ObjectKind, TokenObject
from lockwright.models.token import TokenKey
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What a delete or a wipe would remove, made for one state of one token."""

    serial: str
    """Serial number of the token."""
    digest: str
    """Digest of the listing it was made for; it is applied to no other."""
    containers: tuple[Container, ...]
    """Containers that would go as a whole."""
    objects: tuple[TokenObject, ...]
    """Single objects that would go."""
    wipe: bool = False
    """Everything goes, by the token's own way if it has one."""
    token: TokenKey | None = None
    """Which token it is for; it is applied to no other, and to none if this is missing."""

    @property
    def targets(self) -> tuple[TokenObject, ...]:
        """Every object that would go, private keys before what belongs to them."""
        inside = (obj for container in self.containers for obj in container.objects)
        return (*inside, *self.objects)

    @property
    def loses_keys(self) -> bool:
        """Whether a key goes that cannot be brought back."""
        return any(obj.kind.endswith("-key") or _may_be_a_key(obj) for obj in self.targets)


def _may_be_a_key(obj: TokenObject) -> bool:
    return obj.unreadable and obj.kind is ObjectKind.OTHER


@dataclass(frozen=True, slots=True)
class Failure:
    """One object that the token did not remove."""

    ref: str
    """Which object (``TokenObject.ref``)."""
    ckr: int | None
    """PKCS#11 return value; None if it was not tried."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a deletion did, found by listing the token again rather than by return values."""

    serial: str
    """Serial number of the token."""
    gone: tuple[TokenObject, ...]
    """Objects that were planned and are gone."""
    left: tuple[TokenObject, ...]
    """Objects that were planned and are still there."""
    failures: tuple[Failure, ...]
    """Why they are still there, in the order they were tried."""
