"""What is typed into a PIN field, in its one buffer."""

from __future__ import annotations

import pytest
from lockwright import Secret
from lockwright_window.fields.typed import ROOM, Typed


def typed(text: str) -> Typed:
    made = Typed()
    for character in text:
        assert made.insert(len(made), character)
    return made


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("Ab1", 3),
        ("Пароль", 6),
        ("a\u0301b", 2),  # an accent stands on its letter
        ("\u0301a", 2),  # and by itself where there is none
        ("пи\U0001f511н", 4),
        ("é€", 2),
    ],
)
def test_what_is_typed_is_counted_and_kept_by_characters(text: str, characters: int) -> None:
    made = typed(text)

    assert len(made) == characters
    assert "".join(made.characters()) == text
    assert made.secret() == Secret(text)


def test_a_character_is_deleted_as_one_wherever_it_stands() -> None:
    made = typed("Жe\u0301\U0001f511z")
    made.delete(1, 2)
    assert made.secret() == Secret("Ж\U0001f511z")
    made.delete(1, 2)
    assert made.secret() == Secret("Жz")
    assert made.insert(1, "ё")
    assert made.secret() == Secret("Жёz")


def test_what_was_deleted_or_wiped_is_left_nowhere_in_the_buffer() -> None:
    made = typed("secret")
    made.delete(2, 6)
    assert bytes(made._buffer) == b"se" + bytes(ROOM - 2)
    made.wipe()
    assert bytes(made._buffer) == bytes(ROOM)
    assert len(made) == 0


def test_what_has_no_room_is_not_put_in_by_half() -> None:
    made = typed("x" * (ROOM - 1))
    assert not made.insert(0, "ж")
    assert made.insert(0, "y")
    assert made.secret() == Secret("y" + "x" * (ROOM - 1))


def test_the_beginning_of_the_same_is_told_from_another() -> None:
    whole = typed("Пароль1")
    assert typed("Паро").begins(whole)
    assert typed("").begins(whole)
    assert whole.begins(whole)
    assert not whole.begins(typed("Паро"))
    assert not typed("Паре").begins(whole)


def test_cyrillic_letters_are_noticed() -> None:
    assert typed("abсd").has_cyrillic
    assert not typed("abcd1é").has_cyrillic
