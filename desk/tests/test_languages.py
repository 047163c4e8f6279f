"""Each client is told what is wrong in its own language."""

from __future__ import annotations

import pytest
from desk_client import Client, new_key, request
from lockwright.console.language import speak
from lockwright_desk.cli.app import main
from lockwright_desk.http.languages import language_in
from lockwright_testkit.russian import english_in

ENGLISH, RUSSIAN = "A login and a one-time password are needed", "Нужны логин и одноразовый пароль"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", "ru"),
        ("ru-RU, ru;q=0.9, en;q=0.8", "ru"),
        ("en;q=0.5, RU;q=0.8", "ru"),
        ("de, en;q=0.1", "en"),
        ("en, ru", "en"),
        ("de", None),
        ("ru;q=0", None),
        ("ru;q=x", None),
        ("*", None),
        ("", None),
        (";;==,,", None),
        ("de," * 15 + "ru", "ru"),
        ("de," * 16 + "ru", None),  # tens of thousands would keep everybody waiting
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str, language: str | None) -> None:
    assert language_in(header) == language


@pytest.mark.parametrize(
    ("header", "language", "text"),
    [("ru", "ru", RUSSIAN), ("en", "en", ENGLISH), ("de", "en", ENGLISH)],
)
def test_a_refusal_is_told_in_the_clients_language(
    client: Client, header: str, language: str, text: str
) -> None:
    reply = client.enroll(request(new_key(), ""), headers={"Accept-Language": header})

    assert reply.status == 401
    assert reply.headers["content-language"] == language
    assert reply.text.startswith(text)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "init",
        "serve",
        "otp new",
        "otp list",
        "otp revoke",
        "requests list",
        "requests approve",
        "requests refuse",
        "certificates list",
        "certificates revoke",
        "crl",
        "clients list",
        "clients show",
        "clients add",
        "clients change",
        "clients import",
        "clients export",
        "tokens list",
        "tokens show",
        "tokens add",
        "tokens import",
        "tokens export",
        "tokens suspend",
        "tokens lost",
        "tokens restore",
        "tokens retire",
        "tokens hand-over",
    ],
)
def test_help_leaks_no_english(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    try:
        assert main([*command.split(), "--help", "--lang", "ru"]) == 0
    finally:
        speak("en")

    assert english_in(capsys.readouterr().out) == set()
