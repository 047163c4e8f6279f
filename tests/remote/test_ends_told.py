"""What ended a Request, as the command line tells it to whoever waits for a Response."""

from __future__ import annotations

import pytest
from client import Computer, of
from kinds import ETOKEN, IDPRIME, JACARTA_GOST2, JACARTA_PRO
from locked_token import Locked
from lockwright import Secret
from lockwright.spoken import spell_response
from lockwright_testkit.pseudo_terminal import Screen


def enters(screen: Screen, response: Secret) -> tuple[int | None, str]:
    screen.types(response.reveal_text())
    return screen.ends()


@of(JACARTA_PRO)
def test_another_program_used_the_token(computer: Computer, locked: Locked) -> None:
    screen, shown = computer.makes_a_request()
    response = locked.answer(shown.data)
    assert computer.lists().code == 0

    code, said = enters(screen, response)

    assert code == 15
    assert "The Request is void: the token waits for no Response." in said
    assert locked.device.tries("so") == 5


@of(ETOKEN)
def test_another_program_made_a_second_request(computer: Computer, locked: Locked) -> None:
    screen, shown = computer.makes_a_request()
    response = locked.answer(shown.data)
    plain = bytes.fromhex(response.reveal_text())
    with locked.begin() as second:  # by no lockwright of this client's account
        assert second.request.data != shown.data
        screen.types(spell_response(shown.serial, shown.data, plain))
        code, said = screen.ends()

    assert code == 5
    assert "the Response to this very Request, but the token did not accept it. 4 tries are" in said
    assert "Another program has made a Request since" in said
    assert "One try of the administrator was spent, and the Request is void." in said


@of(JACARTA_GOST2)
@pytest.mark.parametrize("back", [False, True], ids=["and not put back", "and put back"])
def test_the_token_was_pulled_out(computer: Computer, locked: Locked, *, back: bool) -> None:
    screen, shown = computer.makes_a_request()
    response = locked.answer(shown.data)
    locked.device.unplug()
    if back:
        locked.device.plug()

    code, said = enters(screen, response)

    assert code == 10
    assert f"The token {locked.token.serial} was removed." in said
    assert "The Request is void" in said


@of(IDPRIME)
def test_the_response_was_used_before(computer: Computer, locked: Locked) -> None:
    screen, shown = computer.makes_a_request()
    response = locked.answer(shown.data)
    assert enters(screen, response)[0] == 0

    again, next_shown = computer.makes_a_request()
    used = bytes.fromhex(response.reveal_text())
    again.types(spell_response(shown.serial, shown.data, used))
    told = again.reads("The Request holds as long as the token stays inserted.").before
    assert "it was misheard, or it answers another Request" in told
    assert enters(again, locked.answer(next_shown.data))[0] == 0
    assert locked.device.tries("so") == 5
