"""A client is removed: nobody is known any more, and what was done for them stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
from help_desk import ANNA, Bench, new_request
from lockwright_desk.helpdesk.register import change, change_clients, find, histories
from lockwright_desk.helpdesk.register.errors import ClientBusy, RegisterError, UnknownClient
from lockwright_desk.helpdesk.register.exchange import giving_out
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.shown import ClientShown
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.signin.roles import NotAllowed, Role, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Answered, Case, Notice
from lockwright_desk.store.tables.register import Client, ClientWord
from registers import ADMINISTRATOR
from sqlalchemy import select, update

PERSONAL = {
    "login": "petrova",
    "name": "Анна Долгорукова",
    "phone": "+7 495 765-43-21",
    "email": "a.dolgorukova@example.com",
    "grade": "private-banking",
}


def register_of(bench: Bench) -> Register:
    """The register of a bench."""
    return Register(bench.database, bench.audit, bench.parts().rules, lambda: bench.now)


def served(bench: Bench, login: str) -> tuple[ClientShown, int]:
    """A client whose token was unblocked and taken back, and the token."""
    number = bench.client(**{**PERSONAL, "login": login})
    token = bench.token(number)
    bench.closed(token)
    client = find.client_by_id(bench.database, ADMINISTRATOR, number)
    for to in (None, client, None):
        kept = find.token(bench.database, ADMINISTRATOR, token)
        change.hand_over(register_of(bench), ADMINISTRATOR, kept, to)
    return client, token


def test_who_it_was_is_gone_and_what_was_done_stays(either_bench: Bench) -> None:
    bench, register = either_bench, register_of(either_bench)
    login = f"petrova-{new_request().hex()}"
    client, token = served(bench, login)
    answers = bench.count(Answered, Answered.client_id == client.id)

    left = change_clients.remove(register, ADMINISTRATOR, client)

    assert (left.login, left.name) == (f"removed:{client.id}", f"removed:{client.id}")
    assert left.removed_at == bench.now
    with bench.database.reading() as session:
        row = session.get_one(Client, client.id)
        kept = " ".join(str(getattr(row, each.key)) for each in Client.__table__.columns)
        words = session.scalars(select(ClientWord.word).where(ClientWord.client_id == client.id))
        assert list(words) == []
    assert not [value for value in PERSONAL.values() if value in kept]
    found = find.clients(bench.database, ADMINISTRATOR, login).rows
    assert found == []
    with pytest.raises(UnknownClient):
        find.client(bench.database, ADMINISTRATOR, login)
    with giving_out.clients(register, ADMINISTRATOR) as rows:
        assert left.login not in {each["login"] for each in rows}
    assert answers == bench.count(Answered, Answered.client_id == client.id) == 1
    [held] = histories.held_by(bench.database, ADMINISTRATOR, client.id).rows
    assert held.token.id == token
    trail = (bench.folder / "audit.jsonl").read_text().splitlines()
    [told] = [json.loads(line)["facts"] for line in trail if '"desk_client_remove"' in line][:1]
    assert (told["operator"], told["login"]) == (ADMINISTRATOR.name, login)
    with pytest.raises(UnknownClient):
        change_clients.remove(register, ADMINISTRATOR, client)
    with pytest.raises(UnknownClient):
        change_clients.change(register, ADMINISTRATOR, client, {"name": "Анна"})
    change_clients.add(register, ADMINISTRATOR, {"login": login, "name": "Пётр"})


def test_what_a_mail_server_said_of_an_address_is_gone_with_the_client(
    either_bench: Bench,
) -> None:
    bench, register = either_bench, register_of(either_bench)
    client, _token = served(bench, f"petrova-{new_request().hex()}")
    other = bench.closed()
    said = f'the mail server says "550 5.1.1 <{PERSONAL["email"]}>: User unknown"'
    with bench.database.writing() as session:
        cases = session.scalars(select(Case.id).where(Case.client_id == client.id))
        others = session.scalars(select(Case.id).where(Case.number == other.number))
        for case in (*cases, *others):
            session.add(
                Notice(
                    case_id=case,
                    channel="smtp",
                    kind="worked",
                    made_at=bench.now,
                    tries=1,
                    next_at=bench.now,
                    gave_up_at=bench.now,
                    trouble=said,
                )
            )

    change_clients.remove(register, ADMINISTRATOR, client)

    of_case = Case.client_id == client.id
    with bench.database.reading() as session:
        troubles = select(Notice.trouble).join(Case, Case.id == Notice.case_id)
        assert {*session.scalars(troubles.where(of_case))} == {None}
        assert {*session.scalars(troubles.where(Case.number == other.number))} == {said}


def test_sqlite_s_files_have_nothing_of_a_client_who_is_removed(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'desk.db'}")) as database:
        database.make()
        bench = Bench(database, tmp_path)
        client, _token = served(bench, PERSONAL["login"])
        before = searched(bench)

        change_clients.remove(register_of(bench), ADMINISTRATOR, client)

        assert (before, searched(bench)) == ([*PERSONAL], [])


def searched(bench: Bench) -> list[str]:
    """What of a client is in the files of SQLite."""
    files = b"".join(each.read_bytes() for each in bench.folder.glob("desk.db*"))
    return [name for name, value in PERSONAL.items() if value.encode() in files]


def test_a_client_for_whom_something_is_to_be_done_stays(either_bench: Bench) -> None:
    bench, register = either_bench, register_of(either_bench)
    number = bench.client(login=f"busy-{new_request().hex()}")
    token = bench.token(number)
    client = find.client_by_id(bench.database, ADMINISTRATOR, number)

    def refused() -> str:
        with pytest.raises(ClientBusy) as caught:
            change_clients.remove(register, ADMINISTRATOR, client)
        return str(caught.value.facts["reason"])

    assert refused() == "the client still holds tokens"
    case = bench.verified(token)
    kept = find.token(bench.database, ADMINISTRATOR, token)
    change.hand_over(register, ADMINISTRATOR, kept, None)
    assert "a case is not closed" in refused()
    bench.desk.close(ANNA, case.at, Act.CALL_OFF)
    with bench.database.writing() as session:
        about = session.scalars(select(Case.id).where(Case.number == case.number)).one()
        session.add(
            Notice(
                case_id=about,
                channel="smtp",
                kind="called-off",
                made_at=bench.now,
                tries=0,
                next_at=bench.now,
            )
        )
    assert "a notice of a case was not sent yet" in refused()
    with bench.database.writing() as session:
        session.execute(update(Notice).where(Notice.case_id == about).values(sent_at=bench.now))
    assert change_clients.remove(register, ADMINISTRATOR, client).removed_at


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_removes_anybody(bench: Bench, role: Role) -> None:
    client = find.client_by_id(bench.database, ADMINISTRATOR, bench.client())

    with pytest.raises(NotAllowed):
        change_clients.remove(register_of(bench), Who("some", frozenset({role})), client)

    assert find.client(bench.database, ADMINISTRATOR, client.login) == client


def test_nobody_who_is_removed_is_given_a_token_at_the_same_time(either_bench: Bench) -> None:
    bench, register = either_bench, register_of(either_bench)
    for _each in range(5):
        client, number = served(bench, f"of-two-{new_request().hex()}")
        token = find.token(bench.database, ADMINISTRATOR, number)
        done = at_once(
            partial(change_clients.remove, register, ADMINISTRATOR, client),
            partial(change.hand_over, register, ADMINISTRATOR, token, client),
        )

        after = find.token(bench.database, ADMINISTRATOR, number)
        left = find.client_by_id(bench.database, ADMINISTRATOR, client.id)
        assert sorted(done) == [False, True]
        assert (after.holder is None) == (left.removed_at is not None)


def at_once(*works: Callable[[], object]) -> list[bool]:
    """What came of several things that are done at once: whether each was done."""
    ready, done = Barrier(len(works)), [False] * len(works)

    def does(place: int) -> None:
        ready.wait(60)
        try:
            works[place]()
        except RegisterError:
            return
        done[place] = True

    threads = [Thread(target=does, args=(place,)) for place in range(len(works))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return done
