"""What the window says of a token and of what is on it; no Qt is needed for words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lockwright import i18n
from lockwright.errors import ModuleNotLoadable, TokenUnclaimed, TokenUnclear
from lockwright.models import (
    Certificate,
    Memory,
    ModuleInfo,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenState,
)
from lockwright.operations.certificates import read_certificate
from lockwright.operations.detect import Detection, Problem
from lockwright.operations.listing import contents
from lockwright.operations.plans import plan
from lockwright_testkit.token_objects import certificate, data, hidden, private, public
from lockwright_window.words import content, deleting
from lockwright_window.words.doubts import doubt
from lockwright_window.words.entries import EntryKey, Kind, entries, first
from lockwright_window.words.facts import facts, used
from lockwright_window.words.outlook import outlook
from lockwright_window.words.weight import Weight

NOW = datetime.now(UTC)
MODULE = ModuleInfo(Path("/vendor.so"), "vendor", "module", (1, 0))
IDENTITY = TokenIdentity("0A1B", "Anna", "model", "vendor", MODULE, 3, "reader 1")
TOKEN = Token(IDENTITY, "jacarta", "", TokenState(user_pin=PinStatus(PinState.OK)))
EXPIRED, SOON, LONG = timedelta(days=-1), timedelta(days=5, hours=1), timedelta(days=300)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


def read(ends: timedelta, key: int = 1) -> Certificate:
    return read_certificate(certificate(key, ends=ends))


def with_pin(state: PinState) -> Token:
    return replace(TOKEN, state=TokenState(user_pin=PinStatus(state)))


def seen(*tokens: Token, **more: object) -> Detection:
    return replace(Detection(tokens, (), (MODULE.path,)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (PinState.LOCKED, "new-pin"),
        (PinState.FINAL_TRY, "new-pin"),
        (PinState.NOT_SET, "new-pin"),
        (PinState.TO_BE_CHANGED, "change-pin"),
    ],
)
def test_what_is_wrong_with_the_pin_comes_before_all_else(state: PinState, act: str) -> None:
    found = outlook(with_pin(state), [read(EXPIRED)], NOW)
    assert (found.weight, found.act) == (Weight.WRONG, act)


@pytest.mark.parametrize(
    ("ends", "weight", "act"),
    [
        ((EXPIRED,), Weight.WRONG, "clean"),
        ((EXPIRED, LONG), Weight.FINE, None),
        ((SOON, LONG), Weight.SOON, "renew"),
        ((LONG,), Weight.FINE, None),
        ((), Weight.FINE, None),
    ],
)
def test_certificates_decide_where_the_pin_is_in_order(
    ends: tuple[timedelta, ...], weight: Weight, act: str | None
) -> None:
    found = outlook(TOKEN, [read(each, key) for key, each in enumerate(ends, 1)], NOW)
    assert (found.weight, found.act) == (weight, act)


@pytest.mark.parametrize("old", [EXPIRED, SOON])
def test_a_certificate_that_another_one_of_its_key_replaces_is_of_no_matter(old: timedelta) -> None:
    for both in ([read(old), read(LONG)], [read(LONG), read(old)]):
        assert outlook(TOKEN, both, NOW).weight is Weight.FINE


def test_the_bank_says_how_many_days_are_few() -> None:
    assert outlook(TOKEN, [read(SOON)], NOW, soon=3).weight is Weight.FINE


def test_every_entry_has_a_word_and_a_sign_and_a_doubt_is_no_token_to_work_with() -> None:
    stranger = replace(TOKEN, adapter=None, identity=replace(IDENTITY, slot=4, label="Boris"))
    twin = replace(TOKEN, adapter=None, identity=replace(IDENTITY, slot=5, label="Twin"))
    failed = Problem("/lib/other.so", ModuleNotLoadable(module="/lib/other.so", reason="no"))
    look = seen(
        *(TOKEN, stranger, twin),
        problems=(failed,),
        blank=(replace(IDENTITY, slot=6, slot_description="reader 2"),),
        unclear=(twin.identity,),
    )
    found = entries(look, lambda _identity: (), NOW)
    assert [entry.key.kind for entry in found] == [
        *(Kind.DEVICE, Kind.TOKEN, Kind.TOKEN, Kind.TOKEN, Kind.PROBLEM, Kind.BLANK)
    ]
    assert all(entry.state and entry.weight.sign for entry in found)
    assert doubt(TOKEN, look) is None
    assert isinstance(doubt(stranger, look), TokenUnclaimed)
    assert isinstance(doubt(twin, look), TokenUnclear)


def test_entry_stays_the_same_when_its_token_moves_to_another_slot() -> None:
    def key(slot: int) -> EntryKey:
        moved = replace(TOKEN, identity=replace(IDENTITY, slot=slot, alone=True))
        return entries(seen(moved), lambda _identity: (), NOW)[0].key

    found = key(1)
    assert found == key(2)
    assert found.token is not None
    assert replace(IDENTITY, alone=True).is_it(found.token)


def test_a_token_is_chosen_before_what_failed_and_that_before_a_blank_one() -> None:
    failed = Problem("/lib/other.so", ModuleNotLoadable(module="/lib/other.so", reason="no"))
    look = seen(problems=(failed,), blank=(replace(IDENTITY, slot=6),))
    chosen = first(entries(look, lambda _identity: (), NOW))
    assert chosen is not None
    assert chosen.key.kind is Kind.PROBLEM


def test_what_a_token_does_not_tell_is_called_unknown() -> None:
    told = {fact.name: fact.value for fact in facts(replace(TOKEN, state=TokenState()))}
    assert told["User PIN"] == "unknown, tries left: unknown"
    assert told["Unblocks left"] == told["Memory"] == "unknown"
    assert used(None) is None
    assert used(Memory(free=20, total=80)) == 75


LISTING = contents(
    "0A1B",
    [
        *(hidden(1), public(1), certificate(1, ends=EXPIRED)),
        *(private(2, is_rsa=True), public(2, is_rsa=True)),
        certificate(3, ends=LONG),
        data("notes"),
    ],
    logged_in=True,
)


def test_tree_has_user_certificates_keys_orphans_and_the_rest() -> None:
    groups = content.tree(LISTING)
    assert [node.key for node in groups] == [
        *(content.USERS, content.KEYS, content.ORPHANS, content.OTHERS)
    ]
    assert [len(node.children) for node in groups] == [1, 1, 1, 1]
    user = groups[0].children[0].tell()
    assert (user.weight, user.state.startswith("expired on")) == (Weight.WRONG, True)
    keys = [node.key for node in content.flat(groups)]
    assert len(keys) == len(set(keys))


def test_what_is_deleted_is_named_and_a_key_that_goes_is_pointed_out() -> None:
    users = content.tree(LISTING)[0].children
    assert deleting.question(users) == "The certificate will be deleted. Continue?"
    assert len(deleting.goes(users, keys=True)) == 3
    assert len(deleting.goes(users, keys=False)) == 1
    assert deleting.loses_keys(users)
    only = [row for row in users[0].children if row.certificate is not None]
    assert not deleting.loses_keys(only)


def test_private_key_that_only_the_pin_shows_is_told_of_and_is_then_not_unexpected() -> None:
    shown = contents("0A1B", [public(1), certificate(1)], logged_in=False)
    nodes = content.tree(shown)[0].children
    assert any("which only the PIN shows" in line for line in deleting.goes(nodes, keys=True))
    whole = contents("0A1B", [private(1), public(1), certificate(1)], logged_in=True)
    assert not deleting.unexpected(nodes, plan(whole, [nodes[0].selector]))
    more = contents("0A1B", [public(1), certificate(1), certificate(1, ends=LONG)], logged_in=True)
    assert deleting.unexpected(nodes, plan(more, [nodes[0].selector]))


def test_expired_are_whole_containers_and_old_certificates_beside_a_valid_one() -> None:
    listing = contents(
        "0A1B",
        [
            *(private(1), certificate(1, ends=EXPIRED)),
            *(private(2), certificate(2, ends=EXPIRED, label="old"), certificate(2, ends=LONG)),
        ],
        logged_in=True,
    )
    found = list(deleting.expired(content.tree(listing), datetime.now(UTC)))
    assert sorted(node.sort.value for node in found) == ["certificate", "container"]


def test_a_report_names_some_and_counts_the_others() -> None:
    told = deleting.listed([f"object {n}" for n in range(deleting.MOST + 7)])
    assert told.endswith("and 7 more objects")
