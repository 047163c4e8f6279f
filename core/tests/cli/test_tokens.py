from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from lockwright_testkit.interposer import environment
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM


def test_a_token_is_shown_with_its_adapter(program: Program, token: AddedToken) -> None:
    ended = program.run("tokens")
    assert ended.code == 0
    for text in (token.serial, "Anna", "SoftHSM v2", "softhsm", "tries left: unknown"):
        assert text in ended.out
    assert ended.err == ""


def test_every_field_is_there_for_programs(program: Program, token: AddedToken) -> None:
    (found,) = program.run("tokens", "--json").document["tokens"]
    assert found["serial"] == token.serial
    assert found["slot"] == token.slot
    assert found["adapter"] == "softhsm"
    assert found["pin"] == {"state": "ok", "tries_left": None, "unblocks_left": None}
    assert found["memory"] is None


def test_without_a_token_it_says_what_to_do(program: Program) -> None:
    ended = program.run("tokens", "--module", "/nowhere/lib.so")
    empty = program.run("tokens")
    assert (ended.code, ended.out) == (11, "")
    assert "there is no such file" in ended.err
    assert empty.code == 0
    assert "Insert the token that you mean" in empty.err, "SoftHSM always has a blank one"


def test_a_module_that_fails_is_told_about_and_the_others_work_on(
    program: Program, softhsm: SoftHSM, token: AddedToken
) -> None:
    broken = program.home / "broken.so"
    broken.write_text("no library")
    ended = program.run("tokens", "--module", softhsm.module, "--module", broken)
    assert ended.code == 0
    assert token.serial in ended.out
    assert str(broken) in ended.err


def test_a_module_without_a_token_counts_as_looked_at(program: Program, softhsm: SoftHSM) -> None:
    missing = ("--module", "/nowhere/lib.so")
    assert program.run("tokens", "--module", softhsm.module, *missing).code == 0


def test_if_no_module_can_be_looked_at_the_problem_decides_the_exit_code(program: Program) -> None:
    ended = program.run("tokens", "--module", "/nowhere/lib.so", "--json")
    assert ended.code == 11
    (problem,) = ended.document["problems"]
    assert problem["subject"] == "/nowhere/lib.so"
    assert problem["error"]["code"] == "module-not-loadable"


def test_an_unclaimed_token_is_shown_with_the_reason(program: Program, token: AddedToken) -> None:
    config = Path(program.home, "none.toml")
    config.write_text('[plugins]\nallow = ["somebody-else"]\n')
    ended = program.run("plugins", "--config", config, "--json")
    assert {plugin["status"] for plugin in ended.document["plugins"]} == {
        "not-allowed",
        "not-installed",
    }


def test_verbose_tells_why_and_what_the_token_can_do(program: Program, token: AddedToken) -> None:
    ended = program.run("tokens", "--verbose")
    for text in ("manufacturer 'SoftHSM project'", "libsofthsm2.so", "rsa:2048", "SO PIN"):
        assert text in ended.out


def test_a_label_cannot_act_on_the_terminal(program: Program, softhsm: SoftHSM) -> None:
    softhsm.add_token("[red]\x1b[2Jevil\u202e")
    ended = program.run("tokens", "--verbose")
    assert "[red]" in ended.out
    assert "evil" in ended.out
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out
    assert "\x1b" not in program.run("tokens", "--json").out


def test_a_certificate_that_ends_soon_is_pointed_out(
    program: Program, token: AddedToken, enrol: Callable[..., str]
) -> None:
    enrol("work", lasts=timedelta(days=12))
    folder = program.home / "config" / "lockwright"
    ended = program.run("tokens")
    assert f"{token.serial}: The certificate of work is valid for 10 more days" in ended.err
    assert "lockwright renew" in program.run("list").err
    (shown,) = program.run("tokens", "--json").document["tokens"]
    assert shown["next_expiry"]["container"] == "work"
    assert shown["next_expiry"]["days_left"] == 10
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[warn]\ndays = 5\n")
    assert "renew" not in program.run("tokens").err + program.run("list").err


def test_a_module_that_crashes_is_told_with_its_name_its_cost_and_what_to_do(
    program: Program, softhsm: SoftHSM, token: AddedToken, faulty: Path
) -> None:
    ended = program.run(
        *("tokens", "--module", faulty, "--module", softhsm.module),
        environment=environment(softhsm.module, "C_GetSlotList@1=crash"),
    )
    assert ended.code == 0
    assert token.serial in ended.out
    told = " ".join(ended.err.split())
    assert f"The module {faulty} crashed (SIGSEGV) while asked to list the tokens" in told
    assert "No try was spent and nothing on the token was changed." in told
    assert "Report it to the vendor of the module" in told


def test_a_module_whose_links_lead_round_in_a_circle_hides_no_token(
    program: Program, softhsm: SoftHSM, token: AddedToken, tmp_path: Path
) -> None:
    circle = tmp_path / "circle.so"
    circle.symlink_to(circle)
    ended = program.run("tokens", "--json", "--module", circle, "--module", softhsm.module)
    assert [each["serial"] for each in ended.document["tokens"]] == [token.serial]
    [problem] = ended.document["problems"]
    assert problem["error"]["code"] == "module-not-loadable"
    named = program.run("list", "--json", "--token", f"pkcs11:?module-path={circle}")
    assert named.error["code"] == "module-not-loadable"


@pytest.mark.parametrize(
    ("allow", "told"),
    [
        (
            '"softhms", "no"',
            "softhms (not installed; is softhsm meant?), no (not installed)",
        ),
        ("", "no plugin"),
    ],
    ids=["mistyped", "empty"],
)
def test_an_allow_list_that_leaves_no_adapter_is_told_by_every_command_with_near_names(
    program: Program, token: AddedToken, allow: str, told: str
) -> None:
    assert token.serial
    config = Path(program.home, "none.toml")
    config.write_text(f"[plugins]\nallow = [{allow}]\n")
    for words in (("tokens",), ("list",), ("unblock", "--remote"), ("doctor",)):
        ended = program.run(*words, "--config", config)
        assert ended.code != 0, words
        assert told in ended.out + ended.err, words
        assert "softhsm" in ended.out + ended.err
    (problem,) = program.run("tokens", "--config", config, "--json").document["problems"]
    assert (problem["subject"], problem["error"]["code"]) == (
        "plugins.allow",
        "plugins-not-allowed",
    )


def test_an_allow_list_without_the_tokens_own_adapter_is_told_where_none_is_found(
    program: Program, token: AddedToken
) -> None:
    assert token.serial
    config = Path(program.home, "others.toml")
    config.write_text('[plugins]\nallow = ["jacarta"]\n')
    ended = program.run("tokens", "--config", config)
    assert (ended.code, ended.out) == (0, "")
    assert "does not allow plugins that are installed: " in ended.err
    assert "softhsm" in ended.err
    assert "plugins.allow names: jacarta." in ended.err
