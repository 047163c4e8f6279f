"""A plan names every object that goes; a name that fits two things fits neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lockwright.errors import AmbiguousSelection, NothingSelected, ObjectsAlike
from lockwright.models import Listing, ObjectKind, TokenObject
from lockwright.operations.listing import contents
from lockwright.operations.plans import container_named, plan, plan_wipe
from lockwright_testkit.token_objects import certificate, data, hidden, private, public

NOW = datetime.now(UTC)
OVER = timedelta(days=-1)


def read(*objects: TokenObject) -> Listing:
    return contents("S1", objects, logged_in=True)


def going(content: Listing, *selectors: str) -> list[str]:
    """Labels of what would go."""
    return [obj.label for obj in plan(content, selectors).targets]


# --- by name --------------------------------------------------------------------------------------


@pytest.mark.parametrize("selector", ["01", "0x01", "0X01", "key 1"])
def test_a_plan_names_the_whole_container(selector: str) -> None:
    content = read(private(1), public(1), certificate(1), private(2))
    agreed = plan(content, [selector])

    assert agreed.targets[0].kind is ObjectKind.PRIVATE_KEY
    assert len(agreed.targets) == 3
    assert agreed.loses_keys


def test_a_plan_names_one_certificate_when_its_fingerprint_begins_so() -> None:
    content = read(private(1), certificate(1))
    print_ = content.containers[0].certificates[0].fingerprint
    agreed = plan(content, [print_[:8].upper()])

    assert [obj.kind for obj in agreed.targets] == [ObjectKind.CERTIFICATE]
    assert not agreed.loses_keys


def test_the_id_of_a_certificate_alone_names_no_private_key() -> None:
    content = read(private(1, id=b"key"), certificate(1, id=b"certificate"))

    assert going(content, b"certificate".hex()) == ["cert 1"]
    assert going(content, b"key".hex()) == ["key 1", "cert 1"]


def test_a_container_goes_by_the_label_of_its_certificate_when_its_key_has_none() -> None:
    content = read(private(1, label=""), certificate(1, label="Server-Cert"))

    assert going(content, "Server-Cert") == ["", "Server-Cert"]


def test_a_container_goes_by_its_subject_when_nothing_has_a_label() -> None:
    content = read(private(1, label=""), certificate(1, label=""))

    assert content.containers[0].name == "Person 1"
    for name in ("Person 1", "CN=Person 1"):
        assert len(plan(content, [name]).targets) == 2


def test_a_plan_is_refused_when_nothing_fits() -> None:
    with pytest.raises(NothingSelected, match="no such label"):
        plan(read(private(1)), ["no such label"])


@pytest.mark.parametrize("selector", ["", " ", "\t", "0x", "0X", " 0x "])
def test_a_name_that_says_nothing_fits_nothing(selector: str) -> None:
    """Not even the key without id and label."""
    with pytest.raises(NothingSelected):
        plan(read(private(1, id=b"", label=""), certificate(2, id=b"", label="")), [selector])


def test_a_plan_is_refused_when_a_name_fits_two_things() -> None:
    content = read(private(1), private(9, label="key 1"), private(7, label="01"))

    with pytest.raises(AmbiguousSelection, match="09"):
        plan(content, ["key 1"])
    with pytest.raises(AmbiguousSelection):
        plan(content, ["01"])


def test_a_label_that_looks_like_the_name_of_another_thing_takes_nothing() -> None:
    victim = read(private(1, id=b"", label=""))
    name = victim.containers[0].selector
    content = read(private(1, id=b"", label=""), private(2, label=name))

    with pytest.raises(AmbiguousSelection):
        plan(content, [name])
    assert going(content, content.containers[0].selector) == [""]


def test_a_container_is_not_named_by_an_object() -> None:
    content = read(private(1), certificate(1))
    with pytest.raises(NothingSelected):
        container_named(content, content.containers[0].certificates[0].fingerprint)


ODD: dict[str, tuple[TokenObject, ...]] = {
    "two pairs of one id and label": (
        *(half(n, id=b"x", label="k") for half in (private, public) for n in (1, 2)),
    ),
    "no id, no label": (*(private(n, id=b"", label="") for n in (1, 2)), certificate(3, id=b"")),
    "labels that look alike": (private(1, id=b"", label="a"), private(2, id=b"", label="a\u200b")),
    "labels that differ in case": (private(1, id=b"", label="A"), private(2, id=b"", label="a")),
    "a label that is an id": (private(1, label="02"), private(2, label="01")),
    "a label like an option": (private(1, id=b"", label="--yes"),),
    "an id that ends in 00": (private(1, id=b"a\0"), private(2, id=b"a")),
    "one certificate twice": (certificate(1), certificate(1, copy=2)),
    "twins": (hidden(1), hidden(1, copy=2), public(1), public(2, id=b"\1"), data("d")),
    "data twice": (data("d"), data("d", copy=2), data("")),
    "a copy": (private(1, id=b"a"), private(1, id=b"b"), certificate(1, id=b"c")),
}


@pytest.mark.parametrize("objects", ODD.values(), ids=ODD)
def test_everything_has_a_name_of_its_own(objects: tuple[TokenObject, ...]) -> None:
    content = read(*objects)

    for container in content.containers:
        assert container_named(content, container.selector) == container
        assert container.selector.strip()
        assert container.name.strip()
    names = [*(c.selector for c in content.containers), *content.selectors.values()]
    assert len(set(names)) == len(names)
    whole = plan(content, [c.selector for c in content.containers])
    single = plan(content, [content.selectors[obj.ref] for obj in content.all_objects])
    loose = set(content.objects)
    assert set(whole.targets) | loose == set(single.targets) == set(content.all_objects)


# --- what nothing tells apart ---------------------------------------------------------------------


@pytest.mark.parametrize("make", [hidden, lambda _key, copy=1: data("d", copy=copy)])
def test_one_of_two_that_nothing_tells_apart_is_not_deleted(make: object) -> None:
    """The next session may see them the other way round."""
    first, second = make(1), make(1, copy=2)  # type: ignore[operator]  # two makers of objects
    content = read(first, second)
    names = [content.selectors[obj.ref] for obj in content.all_objects]

    with pytest.raises(ObjectsAlike, match=names[1]):
        plan(content, names[:1])
    assert len(plan(content, names).targets) == 2


@pytest.mark.parametrize("make", [certificate, public])
def test_one_of_two_that_are_equal_is_deleted(make: object) -> None:
    first, second = make(1), make(1, copy=2)  # type: ignore[operator]  # two makers of objects
    content = read(private(1), first, second)

    assert plan(content, [content.selectors[second.ref]]).targets == (second,)


# --- what has expired -----------------------------------------------------------------------------


def test_expired_takes_what_is_over() -> None:
    content = read(*(private(1), certificate(1, ends=OVER)), private(2), certificate(2), private(3))

    assert [c.id for c in plan(content, [], expired=NOW).containers] == [b"\1"]


def test_expired_takes_the_old_certificate_alone_when_the_key_has_a_valid_one() -> None:
    old = certificate(1, ends=OVER, name="old")
    agreed = plan(read(private(1), old, certificate(1, name="new")), [], expired=NOW)

    assert agreed.containers == ()
    assert agreed.targets == (old,)
    assert not agreed.loses_keys


def test_expired_takes_a_key_though_the_certificate_of_its_ca_is_valid() -> None:
    ca = certificate(7, id=b"\1", name="CA", ends=timedelta(days=3000))
    agreed = plan(read(private(1), certificate(1, ends=OVER), ca), [], expired=NOW)

    assert [obj.label for obj in agreed.targets] == ["key 1", "cert 1"]


def test_expired_takes_no_private_key_that_only_its_id_put_there() -> None:
    assert plan(read(hidden(1), certificate(1, ends=OVER)), [], expired=NOW).targets == ()


def test_a_plan_is_empty_when_nothing_has_expired() -> None:
    assert plan(read(private(1), certificate(1)), [], expired=NOW).targets == ()


# --- everything -----------------------------------------------------------------------------------


def test_the_plan_of_a_wipe_names_everything() -> None:
    content = read(private(1), certificate(2), data("n"))
    assert len(plan_wipe(content).targets) == 3
