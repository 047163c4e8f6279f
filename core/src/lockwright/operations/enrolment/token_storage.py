"""A token as the place for a key and its certificate."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.enrol.entry import Old
from lockwright.errors import AmbiguousSelection, KeyMissing, PartlyDeleted
from lockwright.models import (
    Container,
    ContainerState,
    KeyPair,
    KeyRequest,
    Listing,
    ObjectKind,
    SignatureScheme,
    Sought,
    StorageKind,
    Token,
    TokenObject,
)
from lockwright.operations.deletion import apply
from lockwright.operations.enrolment.by_hand import room
from lockwright.operations.enrolment.orders import newest, only_one
from lockwright.operations.listing import listing, on_token
from lockwright.operations.object_names import describe
from lockwright.operations.plans import container_named, plan, settled, settled_of
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

_NO_MATTER = Sought(id=b"", kind=ObjectKind.CERTIFICATE)
"""What is asked for where only the PIN counts: as little as can be."""


class TokenStorage:
    """A token that is open with its user PIN.

    Args:
        calls: the hooks.
        token: the token.
        pin: its user PIN.
    """

    kind = StorageKind.TOKEN
    keeps_key = False

    def __init__(self, calls: Calls, token: Token, pin: Secret) -> None:
        self.place = token.name
        self.token = token
        self.key_types = token.state.capabilities.key_types
        self._calls = calls
        self._pin = pin

    def staying(self) -> AbstractContextManager[None]:
        """One login for what is done in the block."""
        return self._calls.staying(self.token)

    def ready(self, key_id: bytes | None = None) -> None:
        """The PIN must open the token."""
        del key_id
        self._calls(hooks.lockwright_list, self.token, self._pin, _NO_MATTER)

    def content(self) -> Listing:
        """Everything on it."""
        return listing(self._calls, self.token, self._pin)

    def container(self, name: str) -> Container:
        """A container by one of its names; what belongs to it is proved where it is not shown."""
        content = settled(self._calls, self.token, self._pin, [name])
        return container_named(content, name)

    def only_one(self) -> Container:
        """The only container that has a certificate and its private key."""
        whole = [c for c in self.content().containers if c.state is ContainerState.COMPLETE]
        return only_one(whole, self.token)

    def renewable(self, name: str | None) -> Container:
        """What a renewal would be of: a container by one of its names; None for the only one."""
        found = self.only_one() if name is None else self.container(name)
        newest(found, self.token)
        return found

    def make(self, request: KeyRequest) -> KeyPair:
        """Make a key pair on the token."""
        with room(self._calls, self.token, self._pin):
            return self._calls(hooks.lockwright_generate, self.token, self._pin, request)

    def key(self, key_id: bytes) -> KeyPair | None:
        """The key pair; half a pair is none."""
        kinds = {found.kind for found in self._objects(key_id)}
        if not kinds.issuperset({ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}):
            return None
        pairs = self._calls(hooks.lockwright_keys, self.token, self._pin, key_id)
        return next((pair for pair in pairs if pair.id == key_id), None)

    def sign(self, key_id: bytes, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign on the token."""
        return self._calls(hooks.lockwright_sign, self.token, self._pin, key_id, scheme, data, None)

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the very certificate is there."""
        return any(found.value == certificate for found in self._objects(key_id))

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Write the certificate; a token keeps no chain."""
        del chain
        with room(self._calls, self.token, self._pin):
            self._calls(
                hooks.lockwright_store, self.token, self._pin, key.id, key.label, certificate
            )

    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Have the token sign."""
        from lockwright.enrol.signatures import proves  # noqa: PLC0415  # cryptography is slow

        return proves(certificate, partial(self.sign, key_id))

    def sign_as(self, old: Old, scheme: SignatureScheme, data: bytes) -> bytes:
        """Have the key of the old container sign."""
        found = self._old(old, self.content())
        private = [k for k in found.keys if k.kind is ObjectKind.PRIVATE_KEY] if found else []
        if not private:
            raise KeyMissing(id=old.id.hex() or "-", serial=self.token.serial)
        key = private[0]
        return self._calls(
            hooks.lockwright_sign, self.token, self._pin, key.id, scheme, data, key.ref
        )

    def clear(self, old: Old) -> None:
        """Remove the old container, and nothing that only has its id."""
        with self.staying():
            objects = self._calls(hooks.lockwright_list, self.token, self._pin, None)
            if (found := self._old(old, on_token(self.token, objects, logged_in=True))) is None:
                return
            content = settled_of(self._calls, self.token, self._pin, objects, [found.ref])
            apply(self._calls, self.token, self._pin, plan(content, [found.ref]))

    def settle(self, key_id: bytes) -> None:
        """Nothing is kept outside of the token."""

    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove everything with the ``CKA_ID`` that was drawn for the new key."""
        del certificate
        found = sorted(
            self._objects(key_id), key=lambda obj: obj.kind is not ObjectKind.PRIVATE_KEY
        )
        if not found:
            return
        self._calls(hooks.lockwright_delete, self.token, self._pin, [obj.ref for obj in found])
        left = {obj.ref for obj in self._objects(key_id)}
        if left:
            gone = tuple(describe(obj) for obj in found if obj.ref not in left)
            raise PartlyDeleted(
                gone=gone,
                left=tuple(describe(obj) for obj in found if obj.ref in left),
                adapter=self.token.adapter,
            )

    def _old(self, old: Old, content: Listing) -> Container | None:
        """The old container as it is now; None if it is gone."""
        containers = content.containers
        if old.ref is not None:
            return next((c for c in containers if c.ref == old.ref), None)
        found = [c for c in containers if c.id == old.id]
        if len(found) > 1:
            fits = tuple(container.selector for container in found)
            raise AmbiguousSelection(serial=self.token.serial, selector=old.id.hex(), fits=fits)
        return found[0] if found else None

    def _objects(self, key_id: bytes) -> list[TokenObject]:
        return [
            obj
            for obj in self._calls(hooks.lockwright_list, self.token, self._pin, Sought(key_id))
            if obj.id == key_id
        ]
