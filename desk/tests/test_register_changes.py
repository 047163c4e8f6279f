"""What becomes of a token, and whom it goes to: by the table, once, and by whom it may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count, product
from threading import Barrier, Thread

import pytest
from lockwright_desk.helpdesk.register import change, change_clients, find, histories
from lockwright_desk.helpdesk.register.errors import (
    AlreadyHeld,
    ChangeNotAllowed,
    ClientExists,
    RegisterError,
    TokenChanged,
    TokenNotHandedOver,
    ValueRefused,
)
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.shown import ClientShown, TokenShown
from lockwright_desk.helpdesk.register.transitions import ALLOWED, changes_hands
from lockwright_desk.signin.roles import ALLOWED as RIGHTS
from lockwright_desk.signin.roles import NotAllowed, Role, Who
from lockwright_desk.store.tables.register import Holder, TokenState
from registers import ADMINISTRATOR, DATABASES, LASER, add_clients, register, taken
from sqlalchemy.exc import IntegrityError

ISSUED, SUSPENDED, LOST, RETIRED = TokenState
_NUMBERS = count()


@pytest.fixture(params=DATABASES, scope="module")
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Register]:
    """A register with two people."""
    cluster = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with register(tmp_path_factory.mktemp("register"), cluster) as made:
        add_clients(made, "anna,Анна Петрова", "ivan,Иван Иванов")
        yield made


class Tokens:
    """Makes tokens, each of another number."""

    def __init__(self, kept: Register) -> None:
        self.kept = kept

    def one(self, state: TokenState = ISSUED, login: str = "") -> TokenShown:
        serial = f"C0DE{next(_NUMBERS):08}"
        row = f"{LASER},{serial},{state.value},{login}"
        assert taken(self.kept, "adapter,model,serial,state,login", [row], "tokens").added == 1
        return find.token_named(self.kept.database, ADMINISTRATOR, serial)

    def again(self, token: TokenShown) -> TokenShown:
        return find.token(self.kept.database, ADMINISTRATOR, token.id)

    def client(self, login: str) -> ClientShown:
        return find.client(self.kept.database, ADMINISTRATOR, login)


@pytest.fixture
def tokens(kept: Register) -> Tokens:
    return Tokens(kept)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    """Tokens in SQLite, for what no database has a part in."""
    with register(tmp_path_factory.mktemp("register"), None) as made:
        add_clients(made, "anna,Анна Петрова", "ivan,Иван Иванов")
        yield Tokens(made)


def test_a_token_gets_into_just_the_states_that_the_table_says(alone: Tokens) -> None:
    done = set()
    for before, after in product(TokenState, TokenState):
        token = alone.one(before)
        try:
            changed = change.set_state(alone.kept, ADMINISTRATOR, token, after, "as it is")
        except ChangeNotAllowed:
            assert alone.again(token) == token
        else:
            assert (changed.state, changed.revision) == (after, token.revision + 1)
            done.add((before, after))

    assert done == set(ALLOWED)


@pytest.mark.parametrize("role", Role)
def test_a_role_does_just_what_the_tables_say(alone: Tokens, role: Role) -> None:
    who = Who("some", frozenset({role}))
    for (before, after), action in ALLOWED.items():
        token = alone.one(before)
        if role in RIGHTS[action]:
            assert change.set_state(alone.kept, who, token, after, "x").state is after
        else:
            with pytest.raises(NotAllowed):
                change.set_state(alone.kept, who, token, after, "x")
            assert alone.again(token) == token
    if role is not Role.ADMINISTRATOR:
        with pytest.raises(NotAllowed):
            change.hand_over(alone.kept, who, alone.one(), alone.client("anna"))
        with pytest.raises(NotAllowed):
            change_clients.add(alone.kept, who, {"login": "x", "name": "X"})
        with pytest.raises(NotAllowed):
            change_clients.change(alone.kept, who, alone.client("anna"), {"name": "X"})


def test_what_became_of_a_token_is_kept_with_who_and_why(tokens: Tokens) -> None:
    token = tokens.one(login="anna")

    suspended = change.set_state(tokens.kept, ADMINISTRATOR, token, SUSPENDED, "  she  called ")
    restored = change.set_state(tokens.kept, ADMINISTRATOR, suspended, ISSUED, "found")
    moved = change.hand_over(tokens.kept, ADMINISTRATOR, restored, tokens.client("ivan"))
    change.hand_over(tokens.kept, ADMINISTRATOR, moved, None)

    database = tokens.kept.database
    changes = histories.changes_of(database, ADMINISTRATOR, token.id).rows
    holders = histories.holders_of(database, ADMINISTRATOR, token.id).rows
    assert [(each.state, each.by, each.reason) for each in changes] == [
        (ISSUED, "boss", "found"),
        (SUSPENDED, "boss", "she called"),
        (ISSUED, "boss", None),
    ]
    assert [(each.client.login, each.until is None) for each in holders] == [
        ("ivan", False),
        ("anna", False),
    ]
    assert holders[1].until == holders[0].since == moved.held_since
    held = histories.held_by(database, ADMINISTRATOR, tokens.client("anna").id).rows
    assert held[0].token.id == token.id
    assert held[0].token.holder is None


def test_a_retired_token_is_nobodys(tokens: Tokens) -> None:
    token = tokens.one(login="anna")

    retired = change.set_state(tokens.kept, ADMINISTRATOR, token, RETIRED, "worn out")

    (held,) = histories.holders_of(tokens.kept.database, ADMINISTRATOR, token.id).rows
    assert (retired.holder, retired.held_since) == (None, None)
    assert held.until == retired.state_since


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("state", TokenState)
def test_a_token_changes_hands_in_just_the_states_in_which_it_does(
    alone: Tokens, state: TokenState, *, back: bool
) -> None:
    token = alone.one(state, "anna" if back and state is not RETIRED else "")
    to = None if back else alone.client("ivan")
    if changes_hands(state, to_client=not back):
        changed = change.hand_over(alone.kept, ADMINISTRATOR, token, to)
        assert changed.holder == to
    else:
        with pytest.raises(TokenNotHandedOver):
            change.hand_over(alone.kept, ADMINISTRATOR, token, to)


def test_a_token_is_not_given_to_whoever_has_it(alone: Tokens) -> None:
    with pytest.raises(AlreadyHeld, match="anna"):
        change.hand_over(alone.kept, ADMINISTRATOR, alone.one(login="anna"), alone.client("anna"))
    with pytest.raises(AlreadyHeld, match="the bank"):
        change.hand_over(alone.kept, ADMINISTRATOR, alone.one(), None)


def test_of_several_who_hand_a_token_over_at_once_one_does_and_the_others_are_told(
    tokens: Tokens,
) -> None:
    token, start = tokens.one(), Barrier(6)
    ended: list[TokenShown | RegisterError] = []

    def hand_over(login: str) -> None:
        to = tokens.client(login)
        start.wait()
        try:
            ended.append(change.hand_over(tokens.kept, ADMINISTRATOR, token, to))
        except RegisterError as error:
            ended.append(error)

    threads = [Thread(target=hand_over, args=(("anna", "ivan")[each % 2],)) for each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (done,) = (each for each in ended if isinstance(each, TokenShown))
    assert [type(each) for each in ended if each is not done] == [TokenChanged] * 5
    assert tokens.again(token) == done
    held = histories.holders_of(tokens.kept.database, ADMINISTRATOR, token.id).rows
    assert [each.client for each in held] == [done.holder]


def test_a_token_that_was_changed_since_it_was_seen_is_left_alone(tokens: Tokens) -> None:
    token = tokens.one()
    suspended = change.set_state(tokens.kept, ADMINISTRATOR, token, SUSPENDED, "x")

    with pytest.raises(TokenChanged):
        change.set_state(tokens.kept, ADMINISTRATOR, token, LOST, "x")
    with pytest.raises(TokenChanged):
        change.hand_over(tokens.kept, ADMINISTRATOR, token, tokens.client("anna"))
    assert tokens.again(token) == suspended


def test_the_database_itself_gives_a_token_to_one_only(tokens: Tokens) -> None:
    token, ivan = tokens.one(login="anna"), tokens.client("ivan")

    with pytest.raises(IntegrityError), tokens.kept.database.writing() as session:
        session.add(
            Holder(token_id=token.id, client_id=ivan.id, since=token.state_since, by="nobody")
        )


def test_a_reason_that_cannot_be_read_later_is_refused(alone: Tokens) -> None:
    token, turned = alone.one(), "\N{RIGHT-TO-LEFT OVERRIDE}"

    for reason in ("", " ", "a\nb", "a\0b", "a\ud800b", turned, "x" * 501):
        with pytest.raises(ValueRefused):
            change.set_state(alone.kept, ADMINISTRATOR, token, SUSPENDED, reason)
    assert alone.again(token) == token


def test_a_client_is_added_and_found_by_the_new_name_after_a_change(kept: Register) -> None:
    made = change_clients.add(kept, ADMINISTRATOR, {"login": "masha", "name": "Мария Белова"})
    changed = change_clients.change(
        kept, ADMINISTRATOR, made, {"name": "Мария Чёрная", "phone": "+7 495 1"}
    )

    def found(text: str) -> list[str]:
        return [each.login for each in find.clients(kept.database, ADMINISTRATOR, text).rows]

    assert (changed.name, changed.phone) == ("Мария Чёрная", "+7 495 1")
    assert (found("черн"), found("мария"), found("белова")) == (["masha"], ["masha"], [])
    gone = change_clients.change(kept, ADMINISTRATOR, changed, {"phone": ""})
    assert gone.phone is None


def test_the_longest_names_are_kept_and_found(kept: Register) -> None:
    """Letters that become many when they are folded."""
    for number, letter in enumerate("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}\ufb03ßЁ"):
        given = {"login": letter * 64 if number else "long", "name": letter * 200}
        made = change_clients.add(kept, ADMINISTRATOR, given)
        assert made.name == letter * 200
        found = find.clients(kept.database, ADMINISTRATOR, letter).rows
        assert made in found
        assert find.client(kept.database, ADMINISTRATOR, given["login"]) == made
    assert find.clients(kept.database, ADMINISTRATOR, size=1).next is not None


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"login": "x"}, "name"),
    ({"name": "X"}, "login"),
    ({"login": "x y", "name": "X"}, "login"),
    ({"login": "x\0", "name": "X"}, "login"),
    ({"login": "x", "name": "\ud800"}, "name"),
    ({"login": "x", "name": "..."}, "name"),
    ({"login": "x", "name": "X" * 201}, "name"),
    ({"login": "x", "name": "X", "phone": "none"}, "phone"),
    ({"login": "x", "name": "X", "phone": "7,49512E+10"}, "phone"),
    ({"login": "x", "name": "X", "email": "x"}, "email"),
    ({"login": "x", "name": "X", "language": "de"}, "language"),
)


def test_a_value_that_cannot_be_used_is_named(alone: Tokens) -> None:
    for values, field in REFUSED:
        with pytest.raises(ValueRefused) as refused:
            change_clients.add(alone.kept, ADMINISTRATOR, values)
        assert refused.value.facts["field"] == field, values


def test_no_two_clients_have_a_login_that_differs_by_its_case_alone(kept: Register) -> None:
    for login in ("anna", "ANNA", "Anna"):
        with pytest.raises(ClientExists):
            change_clients.add(kept, ADMINISTRATOR, {"login": login, "name": "Another"})


def test_who_may_not_and_tries_is_recorded(alone: Tokens) -> None:
    token, eve = alone.one(), Who("eve", frozenset({Role.AUDITOR}))

    with pytest.raises(NotAllowed):
        change.set_state(alone.kept, eve, token, LOST, "it is mine")

    lines = alone.kept.audit._trail._trail.path.read_text(encoding="utf-8").splitlines()
    intent, outcome = map(json.loads, lines[-2:])
    assert intent["facts"]["operator"] == "eve"
    assert intent["facts"]["serial"] == token.serial
    assert (outcome["hook"], outcome["error"]) == ("desk_token_lost", "not-allowed")
