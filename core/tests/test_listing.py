"""Objects become containers the same way for every vendor, and plans name what would go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.errors import AmbiguousSelection, NothingSelected
from lockwright.models import Container, ContainerState, Listing, ObjectKind, TokenObject
from lockwright.operations.deletion import plan, plan_wipe
from lockwright.operations.listing import contents
from lockwright_testkit.pki import TestCa

NOW = datetime.now(UTC)
CA = TestCa.root()


def key(number: int, *, public: bool = False) -> TokenObject:
    kind = ObjectKind.PUBLIC_KEY if public else ObjectKind.PRIVATE_KEY
    ref = f"{'bb' if public else 'aa'}{number:030x}"
    return TokenObject(kind, bytes([number]), f"key {number}", ref, "ec:p256", private=not public)


def certificate(
    number: int, *, ends: timedelta = timedelta(days=10), of: bytes = b""
) -> TokenObject:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    starts = timedelta(days=-400)
    issued = CA.issue(public, f"CN=Person {number}", starts=starts, lasts=ends - starts)
    der = issued.public_bytes(serialization.Encoding.DER)
    return TokenObject(
        ObjectKind.CERTIFICATE,
        of or bytes([number]),
        f"cert {number}",
        f"cc{number:030x}",
        value=der,
    )


def read(*objects: TokenObject) -> Listing:
    return contents("S1", objects, logged_in=True)


def only(listing: Listing) -> Container:
    (container,) = listing.containers
    return container


def test_container_is_complete_when_key_and_certificate_share_an_id() -> None:
    container = only(read(certificate(1), key(1, public=True), key(1)))
    assert container.state is ContainerState.COMPLETE
    assert [obj.kind for obj in container.objects] == [
        ObjectKind.PRIVATE_KEY,
        ObjectKind.PUBLIC_KEY,
        ObjectKind.CERTIFICATE,
    ]
    assert container.certificates[0].subject == "CN=Person 1"
    assert container.certificates[0].days_left(NOW) in {9, 10}


def test_orphans_are_told_apart_when_one_half_is_missing() -> None:
    listing = read(key(1), certificate(2))
    assert [c.state for c in listing.containers] == [
        ContainerState.KEY_ONLY,
        ContainerState.CERTIFICATE_ONLY,
    ]


def test_certificates_stay_apart_when_they_have_no_id() -> None:
    first, second = (certificate(n, of=b"") for n in (1, 2))
    bare = [TokenObject(o.kind, b"", o.label, o.ref, value=o.value) for o in (first, second)]
    assert len(read(*bare).containers) == 2


def test_last_to_expire_comes_first_when_a_key_has_two_certificates() -> None:
    old = certificate(1, ends=timedelta(days=-5))
    new = certificate(2, ends=timedelta(days=300), of=bytes([1]))
    container = only(read(old, key(1), new))
    assert [c.subject for c in container.certificates] == ["CN=Person 2", "CN=Person 1"]


def test_listing_goes_on_when_a_certificate_cannot_be_parsed() -> None:
    broken = TokenObject(ObjectKind.CERTIFICATE, b"\x07", "odd", "dd" * 16, value=b"\x30\x03no")
    container = only(read(broken))
    assert container.certificates[0].subject is None
    assert container.certificates[0].days_left(NOW) is None


def test_digest_changes_only_when_the_content_does() -> None:
    one, two = key(1), certificate(2)
    assert read(one, two).digest == read(two, one).digest
    assert read(one, two).digest != read(one).digest


def test_objects_stand_apart_when_they_are_in_no_container() -> None:
    data = TokenObject(ObjectKind.DATA, b"", "note", "ee" * 16)
    assert read(key(1), data).objects == (data,)


@pytest.mark.parametrize("selector", ["01", "0x01", "key 1"])
def test_plan_names_the_whole_container_when_it_is_selected(selector: str) -> None:
    content = read(key(1), key(1, public=True), certificate(1), key(2))
    agreed = plan(content, [selector])
    assert agreed.targets[0].kind is ObjectKind.PRIVATE_KEY
    assert len(agreed.targets) == 3
    assert agreed.loses_keys


def test_plan_names_one_certificate_when_its_fingerprint_begins_so() -> None:
    content = read(key(1), certificate(1))
    print_ = content.containers[0].certificates[0].fingerprint
    agreed = plan(content, [print_[:8].upper()])
    assert [obj.kind for obj in agreed.targets] == [ObjectKind.CERTIFICATE]
    assert not agreed.loses_keys


def test_plan_takes_what_is_over_when_asked_for_expired() -> None:
    over = certificate(1, ends=timedelta(days=-1))
    content = read(key(1), over, key(2), certificate(2), key(3))
    assert [c.id for c in plan(content, [], expired=NOW).containers] == [b"\x01"]


def test_plan_is_empty_when_nothing_has_expired() -> None:
    assert plan(read(key(1), certificate(1)), [], expired=NOW).targets == ()


def test_plan_is_refused_when_nothing_fits() -> None:
    with pytest.raises(NothingSelected):
        plan(read(key(1)), ["no such label"])


def test_plan_is_refused_when_a_label_fits_two_containers() -> None:
    twin = TokenObject(ObjectKind.PRIVATE_KEY, b"\x09", "key 1", "ab" * 16)
    with pytest.raises(AmbiguousSelection, match="09"):
        plan(read(key(1), twin), ["key 1"])


def test_wipe_plan_names_everything_when_it_is_made() -> None:
    content = read(key(1), certificate(2), TokenObject(ObjectKind.DATA, b"", "n", "ee" * 16))
    assert len(plan_wipe(content).targets) == 3
