"""A container is one key and the certificates of it, the same way for every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from lockwright.models import Container, ContainerState, Listing, ObjectKind, Remark, TokenObject
from lockwright.operations.belonging import doubts
from lockwright.operations.hidden_keys import NONE_OF_THEM
from lockwright.operations.listing import contents
from lockwright_testkit.token_objects import certificate, data, hidden, private, public

NOW = datetime.now(UTC)


def read(*objects: TokenObject, proved: Mapping[str, bytes] | None = None) -> Listing:
    return contents("S1", objects, logged_in=True, proved=proved or {})


def only(listing: Listing) -> Container:
    (container,) = listing.containers
    return container


def together(listing: Listing) -> list[set[str]]:
    """Labels of what is together."""
    return [{obj.label for obj in container.objects} for container in listing.containers]


# --- one key --------------------------------------------------------------------------------------


def test_a_container_is_a_key_pair_and_its_certificate() -> None:
    container = only(read(certificate(1), public(1), private(1)))

    assert container.state is ContainerState.COMPLETE
    assert [obj.kind for obj in container.objects] == [
        ObjectKind.PRIVATE_KEY,
        ObjectKind.PUBLIC_KEY,
        ObjectKind.CERTIFICATE,
    ]
    assert container.certificates[0].subject == "CN=Person 1"
    assert container.certificates[0].days_left(NOW) in {9, 10}
    assert container.remarks == ()


def test_the_last_to_expire_comes_first_when_a_key_has_two_certificates() -> None:
    old = certificate(1, ends=timedelta(days=-5), name="old")
    new = certificate(1, ends=timedelta(days=300), name="new")

    container = only(read(old, private(1), new))
    assert [c.subject for c in container.certificates] == ["CN=new", "CN=old"]
    assert container.not_after == container.certificates[0].not_after


def test_a_key_and_its_certificate_are_together_when_their_ids_differ() -> None:
    """As p11tool writes them without ``--id``, and Java by its alias."""
    container = only(read(private(1, id=b"key"), certificate(1, id=b"certificate")))

    assert container.state is ContainerState.COMPLETE
    assert container.id == b"key"
    assert container.remarks == (Remark.IDS_DIFFER,)


def test_both_halves_are_together_when_they_have_no_id() -> None:
    container = only(read(private(1, id=b""), public(1, id=b"")))

    assert container.state is ContainerState.KEY_ONLY
    assert container.remarks == ()


# --- another key ----------------------------------------------------------------------------------


def test_two_key_pairs_are_two_when_they_have_one_id_and_label() -> None:
    listing = read(*(half(n, id=b"x", label="same") for half in (private, public) for n in (1, 2)))

    assert [len(container.keys) for container in listing.containers] == [2, 2]
    assert {c.remarks for c in listing.containers} == {(Remark.SHARES_ID,)}
    assert len({container.selector for container in listing.containers}) == 2


def test_the_certificate_of_a_ca_stands_apart_when_it_has_the_id_of_a_key() -> None:
    """Otherwise its expiry, years away, hides that the key's own certificate ends."""
    own = certificate(1, ends=timedelta(days=2))
    listing = read(private(1), own, certificate(7, id=b"\1", ends=timedelta(days=3000), name="CA"))

    key, ca = listing.containers
    assert (key.state, ca.state) == (ContainerState.COMPLETE, ContainerState.CERTIFICATE_ONLY)
    assert key.not_after == key.certificates[0].not_after
    assert (key.not_after or NOW) < NOW + timedelta(days=3)
    assert key.remarks == ca.remarks == (Remark.SHARES_ID,)


def test_certificates_stay_apart_when_they_have_no_id() -> None:
    assert len(read(certificate(1, id=b""), certificate(2, id=b"")).containers) == 2


def test_the_same_private_key_is_there_twice_when_it_has_two_ids() -> None:
    """Whoever deletes the old copy does not mean the new one."""
    old, new = private(1, id=b"old", label="old"), private(1, id=b"new", label="new")
    listing = read(old, new, certificate(1, id=b"new", label="mine"))

    assert together(listing) == [{"old"}, {"new", "mine"}]
    assert {c.remarks for c in listing.containers} == {(Remark.COPY,)}


def test_one_key_that_was_written_twice_is_one() -> None:
    first = private(1)
    twin = private(1, copy=2)

    assert only(read(first, twin, public(1))).keys[:2] == (first, twin)


# --- a private key that shows no public key -------------------------------------------------------


def test_a_hidden_key_goes_with_the_public_key_of_its_id() -> None:
    container = only(read(hidden(1, label="mine"), public(1, label=""), certificate(1)))

    assert container.state is ContainerState.COMPLETE
    assert container.remarks == ()


def test_a_hidden_key_goes_with_the_certificate_of_its_id_and_that_is_said() -> None:
    container = only(read(hidden(1), certificate(1)))

    assert container.state is ContainerState.COMPLETE
    assert container.remarks == (Remark.BY_ID,)


def test_hidden_keys_of_one_id_are_told_apart_by_their_labels() -> None:
    pairs = [half(n, id=b"x", label=f"key {n}") for half in (hidden, public) for n in (1, 2)]

    assert together(read(*pairs)) == [{"key 1"}, {"key 2"}]


def test_a_hidden_key_stands_alone_when_two_public_keys_have_its_id_and_label() -> None:
    same = [public(n, id=b"x", label="k") for n in (1, 2)]
    listing = read(hidden(1, id=b"x", label="k"), *same)

    assert [len(container.objects) for container in listing.containers] == [1, 1, 1]
    assert Remark.UNCLEAR in listing.containers[0].remarks


def test_hidden_keys_stand_alone_when_nothing_tells_whose_public_key_it_is() -> None:
    first, second = hidden(1, id=b"x", label="a"), hidden(2, id=b"x", label="b")

    assert len(read(first, second, public(1, id=b"x", label="c")).containers) == 3


def test_hidden_halves_without_id_are_together_by_their_label() -> None:
    pairs = [half(n, id=b"", label=f"key {n}") for half in (hidden, public) for n in (1, 2)]
    listing = read(*pairs)

    assert together(listing) == [{"key 1"}, {"key 2"}]
    assert {c.remarks for c in listing.containers} == {(Remark.BY_ID,)}


def test_a_hidden_key_belongs_where_a_signature_proved_it() -> None:
    key, one, other = hidden(1), certificate(1), certificate(2, id=b"\1")
    assert [doubt.key for doubt in doubts([key, one, other])] == [key]

    listing = read(key, one, other, proved={key.ref: one.public_value or b""})
    assert together(listing) == [{"key 1", "cert 1"}, {"cert 2"}]
    assert Remark.BY_ID not in listing.containers[0].remarks


def test_a_hidden_key_stands_alone_when_a_signature_disproved_it() -> None:
    key = hidden(1)
    listing = read(key, certificate(2, id=b"\1"), proved={key.ref: NONE_OF_THEM})

    assert [c.state for c in listing.containers] == [
        ContainerState.KEY_ONLY,
        ContainerState.CERTIFICATE_ONLY,
    ]
    assert doubts([key, certificate(2, id=b"\1")], {key.ref: NONE_OF_THEM}) == []


def test_a_hidden_key_is_not_put_with_a_key_of_another_size() -> None:
    listing = read(
        hidden(1), private(9, id=b"\1", is_rsa=True), certificate(9, id=b"\1", is_rsa=True)
    )

    assert together(listing) == [{"key 1"}, {"key 9", "cert 9"}]


# --- what cannot be read --------------------------------------------------------------------------


def test_a_listing_goes_on_when_a_certificate_cannot_be_parsed() -> None:
    broken = TokenObject(ObjectKind.CERTIFICATE, b"\7", "odd", "dd" * 16, value=b"\x30\x03no")
    container = only(read(broken))

    assert container.certificates[0].subject is None
    assert container.certificates[0].days_left(NOW) is None


def test_a_certificate_that_cannot_be_parsed_goes_with_the_only_key_of_its_id() -> None:
    broken = TokenObject(ObjectKind.CERTIFICATE, b"\1", "odd", "dd" * 16, value=b"\x30\x03no")

    assert only(read(private(1), broken)).remarks == (Remark.BY_ID,)
    assert len(read(private(1), private(2, id=b"\1"), broken).containers) == 3


def test_an_adapter_that_shows_no_public_values_has_its_objects_joined_by_id() -> None:
    bare = [
        TokenObject(ObjectKind.PRIVATE_KEY, b"\1", "k", "aa" * 16),
        TokenObject(ObjectKind.PUBLIC_KEY, b"\1", "k", "bb" * 16),
    ]
    assert len(only(read(*bare)).keys) == 2


# --- states ---------------------------------------------------------------------------------------


def test_a_container_is_whole_only_if_its_private_key_was_seen() -> None:
    seen = [public(1), certificate(1), certificate(2), public(3)]
    before = contents("S1", seen, logged_in=False)
    after = contents("S1", seen, logged_in=True)

    assert {c.state for c in before.containers} == {ContainerState.NOT_SEEN}
    assert [c.state for c in after.containers] == [
        ContainerState.CERTIFICATE_ONLY,
        ContainerState.CERTIFICATE_ONLY,
        ContainerState.PUBLIC_KEY_ONLY,
    ]


def test_a_container_has_one_name_before_and_after_login() -> None:
    before = contents("S1", [public(1, id=b""), certificate(1, id=b"")], logged_in=False)
    after = read(private(1, id=b""), public(1, id=b""), certificate(1, id=b""))

    assert only(before).ref == only(after).ref


# --- the rest -------------------------------------------------------------------------------------


def test_a_digest_changes_only_when_the_content_does() -> None:
    one, two = private(1), certificate(2)

    assert read(one, two).digest == read(two, one).digest
    assert read(one, two).digest != read(one).digest


def test_objects_stand_apart_when_they_are_of_no_key() -> None:
    note = data("note")
    assert read(private(1), note).objects == (note,)
