"""Every error is told in whole sentences, in each language, with its facts in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from lockwright import i18n
from lockwright.cli.app import root
from lockwright.errors import (
    GO_ON,
    KEY_WAITS,
    CaAnswerBroken,
    CaBroke,
    CaError,
    CaFailed,
    CaSilent,
    CaTooMany,
    Fact,
    LockwrightError,
    ModuleHung,
    ModuleNotLoadable,
    NotSupported,
    PartlyDeleted,
    PinIncorrect,
    PinLocked,
    PinRefused,
    SeveralTokens,
    TokenFull,
    TokenRefused,
    TokenRemoved,
    UnknownToken,
    every_error,
)
from lockwright.explain import (
    Explanation,
    encode_rules,
    explain,
)
from lockwright.models import PinState
from lockwright.policy import BANK_DEFAULT, BrokenRule, Rule
from lockwright.secret import Secret

EVERY = {c: kind for c, kind in every_error().items() if kind.__module__.startswith("lockwright.")}
SAMPLES: dict[str, Fact] = {
    "role": "user PIN",
    "tries_left": 2,
    "state": None,
    "seconds": "30",
    "line": 7,
    "rules": encode_rules([BrokenRule(Rule.MIN_LENGTH, 8)]),
    "could_go": ("Anna (expired 2020-01-01)", "Boris"),
    "serials": ("S1 (Anna)", "S2 (Boris)"),
    "names": ("S1", "S2"),
    "seen": ("S1 (Anna)", "S2 (Boris)"),
    "fits": ("01", "02"),
    "gone": ("certificate Anna",),
    "left": ("private key Anna",),
}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def sample(kind: type[LockwrightError]) -> LockwrightError:
    facts = {name: SAMPLES.get(name, f"<{name}>") for name in kind.facts_named}
    return kind(ckr=None, adapter=None, cost=None, **facts)


def incorrect(tries_left: int | None, state: PinState | None, role: str = "user PIN") -> str:
    error = PinIncorrect(role=role, tries_left=tries_left, state=state)
    return explain(error).message


# --- every error --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_every_error_is_told_in_whole_sentences(kind: type[LockwrightError], language: str) -> None:
    i18n.use(language)

    told = explain(sample(kind))

    assert (told.code, told.exit_code) == (kind.code, kind.exit_code)
    assert told.message.endswith(":" if told.details else ".")
    assert not told.cost or told.cost.endswith(".")
    for text in (told.message, told.cost, told.advice, *told.details):
        assert "{" not in text
        assert not re.search(r"\.\.| \.|  ", text)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_no_sentence_has_a_gap_where_a_token_or_an_object_has_no_name(
    kind: type[LockwrightError], language: str
) -> None:
    i18n.use(language)
    facts = {name: SAMPLES.get(name, "") for name in kind.facts_named}

    told = explain(kind(ckr=None, adapter=None, cost=None, **facts))

    for text in (told.message, told.cost, told.advice):
        assert not re.search(r"  | [.,:;]|\(\)|\n", text), text


@pytest.mark.parametrize("kind", [CaAnswerBroken, CaBroke, CaFailed, CaSilent, CaTooMany])
def test_a_ca_that_fails_before_anything_was_begun_is_not_resumed(kind: type[CaError]) -> None:
    early, late = sample(kind), sample(kind)
    late.cost = KEY_WAITS

    assert "--resume" not in explain(early).advice
    assert "--resume" in explain(late).advice


def test_a_token_that_is_pulled_amid_an_enrolment_is_not_started_over_with() -> None:
    pulled = TokenRemoved(serial="1", cost=GO_ON)

    assert "start over" not in explain(pulled).advice


@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_every_error_is_told_in_russian_letters(kind: type[LockwrightError]) -> None:
    i18n.use("ru")

    told = explain(sample(kind))

    for text in (told.message, told.cost, told.advice):
        assert not text or re.search("[а-яё]", text)


@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_every_fact_of_a_message_is_told(kind: type[LockwrightError]) -> None:
    told = explain(sample(kind))

    whole = " ".join((told.message, told.advice, *told.details))
    for name in set(kind.facts_named) - set(SAMPLES):
        assert f"<{name}>" in whole


def commands() -> set[str]:
    """Every command of the command line."""
    with click.Context(root) as context:
        return set(root.list_commands(context))


@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_advice_names_commands_that_there_are(kind: type[LockwrightError], language: str) -> None:
    i18n.use(language)

    told = explain(sample(kind)).advice

    assert set(re.findall(r"lockwright ([a-z]+)", told)) <= commands()


# --- PINs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tries_left", "state", "told"),
    [
        (2, None, "The user PIN is wrong. 2 tries are left."),
        (1, None, "The user PIN is wrong. 1 try is left. The next wrong try locks it."),
        (None, None, "The user PIN is wrong. How many tries are left is unknown."),
        (
            None,
            PinState.COUNT_LOW,
            "The user PIN is wrong. How many tries are left is unknown.",
        ),
        (None, PinState.FINAL_TRY, "The user PIN is wrong. The next wrong try locks it."),
        (0, None, "The user PIN is wrong. It is locked now."),
        (None, PinState.LOCKED, "The user PIN is wrong. It is locked now."),
    ],
)
def test_a_wrong_pin_says_what_is_left(
    tries_left: int | None, state: PinState | None, told: str
) -> None:
    assert incorrect(tries_left, state) == told


@pytest.mark.parametrize(
    ("tries", "told"),
    [
        (1, "Осталась 1 попытка. Следующая неверная попытка заблокирует его."),
        (2, "Осталось 2 попытки."),
        (5, "Осталось 5 попыток."),
        (11, "Осталось 11 попыток."),
        (21, "Осталась 21 попытка."),
        (None, "Сколько попыток осталось, неизвестно."),
    ],
)
def test_russian_counts_in_three_forms(tries: int | None, told: str) -> None:
    i18n.use("ru")

    assert incorrect(tries, None) == f"PIN-код пользователя введён неверно. {told}"


def test_a_pin_locked_by_this_try_is_told_how_it_is_unblocked() -> None:
    error = PinIncorrect(role="user PIN", tries_left=0, state=PinState.LOCKED)

    assert explain(error).advice == "Unblock it with: lockwright unblock"


@pytest.mark.parametrize(
    "error",
    [
        PinLocked(role="SO PIN"),
        PinIncorrect(role="SO PIN", tries_left=None, state=PinState.LOCKED),
    ],
)
def test_a_locked_so_pin_is_not_sent_to_a_command_that_needs_it(error: LockwrightError) -> None:
    assert "lockwright unblock" not in explain(error).advice


def test_a_refused_pin_is_told_every_broken_rule_on_a_line_of_its_own() -> None:
    broken = BANK_DEFAULT.check(Secret("qwerty"))
    i18n.use("ru")

    told = explain(PinRefused(rules=encode_rules(broken)))

    assert told.message == "Новый PIN-код не подходит. Требуется:"
    assert told.details == (
        "не менее 8 символов",
        "не менее 1 цифры",
        "не менее 1 заглавной латинской буквы",
        "ничего, что угадывают первым: это ряд клавиш",
    )


def test_rules_of_an_adapter_s_own_are_told_as_they_are() -> None:
    told = explain(PinRefused(rules=("no letter of the owner's name",)))

    assert told.details == ("no letter of the owner's name",)


# --- facts --------------------------------------------------------------------------------------


def test_a_full_token_names_what_could_go_on_lines_of_their_own() -> None:
    told = explain(TokenFull(serial="S1", could_go=("Anna (expired 2020-01-01)", "Boris")))

    assert told.message == "The memory of the token S1 is full. These containers could go:"
    assert told.details == ("Anna (expired 2020-01-01)", "Boris")


def test_a_full_token_that_could_not_be_listed_promises_no_list() -> None:
    told = explain(TokenFull(serial="S1", could_go=()))

    assert (told.message, told.details) == ("The memory of the token S1 is full.", ())


def test_names_are_joined_and_their_absence_is_said() -> None:
    names, uris = ("S1 (Anna)", "S2 (Boris)"), ("pkcs11:a", "b")
    several = explain(SeveralTokens(serials=names, uris=uris, names=("S1", "S2")))
    assert several.message == (
        "Several tokens match: S1 (Anna), S2 (Boris). Each has a URI of its own:"
    )
    assert several.details == ("pkcs11:a", "b")
    assert explain(UnknownToken(selector="S9", seen=())).message.endswith("seen: none.")
    assert explain(PartlyDeleted(gone=(), left=("private key A",))).message == (
        "Not everything could be deleted. Gone: none. Left: private key A."
    )


def test_words_of_ours_are_translated_and_names_of_things_are_not() -> None:
    i18n.use("ru")

    hung = explain(ModuleHung(module="certificate", seconds="30", action="list the tokens"))
    refused = explain(NotSupported(operation="unblock with the SO PIN"))

    assert "Модуль certificate не ответил за 30 с" in hung.message
    assert "вывести список токенов" in hung.message
    assert refused.message == "Токен этого не умеет: разблокировать PIN-кодом администратора."


def test_a_reason_that_is_a_sentence_of_its_own_ends_once() -> None:
    told = explain(TokenRefused(action="sign", name="it has no value."))

    assert told.message == "The token refused to sign: it has no value."


def test_words_of_others_are_a_quotation_in_another_language() -> None:
    refused = CaAnswerBroken(ca="bank", reason="No such person.")
    named = ModuleNotLoadable(module="m", reason="C_Initialize: CKR_DEVICE_ERROR")
    english = explain(refused).message

    i18n.use("ru")

    assert english == "The CA bank gave an answer that cannot be used: No such person."
    assert explain(refused).message == "Ответ УЦ bank непригоден: «No such person»."
    assert explain(named).message == ("Модуль m не загружается: C_Initialize: CKR_DEVICE_ERROR."), (
        "a name is no sentence"
    )


def test_braces_in_a_fact_are_only_braces() -> None:
    told = explain(UnknownToken(selector="{seen} {0}", seen=("{serial}",)))

    assert told.message == "No connected token matches {seen} {0}; seen: {serial}."


def test_the_cost_that_was_told_by_whoever_knew_is_kept() -> None:
    assert explain(PinLocked(role="user PIN", cost="")).cost == ""


def test_an_explanation_is_data() -> None:
    told = explain(PinLocked(role="user PIN"))

    assert told == Explanation(
        "pin-locked",
        5,
        "The user PIN is locked.",
        "No try was spent and nothing on the token was changed.",
        "Unblock it with: lockwright unblock",
    )
