"""``doctor``, ``plugins``, ``policy`` and ``audit verify``: what bank IT asks."""

from __future__ import annotations

from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM


def configured(program: Program, text: str) -> tuple[str, str]:
    (program.home / "lockwright.toml").write_text(text)
    return "--config", "lockwright.toml"


def checks(program: Program, *arguments: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for check in program.run("doctor", *arguments, "--json").document["checks"]:
        found.setdefault(check["area"], []).append(check["status"])
    return found


def test_a_healthy_set_up_passes_in_order(program: Program, token: AddedToken) -> None:
    ended = program.run("doctor")
    assert ended.code == 0, ended.out
    assert "failed" not in ended.out
    assert list(checks(program)) == [
        "python",
        "configuration",
        "plugin",
        "module",
        "token",
        "audit",
    ]


def test_a_module_that_does_not_load_fails_with_the_loaders_reason(program: Program) -> None:
    broken = program.home / "broken.so"
    broken.write_text("no library")
    ended = program.run("doctor", "--module", broken)
    assert ended.code == 11
    assert str(broken) in ended.out


def test_a_broken_configuration_is_a_failed_check_not_a_crash(program: Program) -> None:
    ended = program.run("doctor", *configured(program, "[policy\n"))
    assert ended.code == 3
    assert "lockwright.toml" in ended.out


def test_without_an_allowed_adapter_it_says_so(program: Program, token: AddedToken) -> None:
    ended = program.run("doctor", *configured(program, "[plugins]\nallow = []\n"))
    assert ended.code == 12
    assert "not allowed" in ended.out
    assert "No adapter is loaded" in ended.out


def test_a_required_plugin_that_is_missing_stops_everything_and_is_named(
    program: Program, token: AddedToken
) -> None:
    config = configured(program, '[plugins]\nrequire = ["four-eyes"]\n')
    for command in ("doctor", "plugins", "list"):
        ended = program.run(command, *config)
        assert ended.code == 12
        assert "requires the plugin four-eyes" in ended.out + ended.err
    assert checks(program, *config)["plugin"] == ["fail"]


def test_no_token_is_a_warning(program: Program) -> None:
    assert checks(program)["token"] == ["warn"]


def test_what_doctor_advises_is_not_to_run_doctor(program: Program) -> None:
    ended = program.run("doctor")

    assert "Insert the token" in ended.out
    assert "lockwright doctor" not in ended.out


def test_a_configured_module_that_is_not_there_is_a_warning(
    program: Program, token: AddedToken, softhsm: SoftHSM
) -> None:
    modules = f'["/opt/gone/libgone.so", "{softhsm.module}"]'
    config = configured(program, f"[adapters.softhsm]\nmodules = {modules}\n")
    ended = program.run("doctor", *config)
    assert ended.code == 0
    assert "/opt/gone/libgone.so, which the configuration names for softhsm" in ended.out
    assert checks(program, *config)["module"] == ["ok", "warn"]


def test_a_damaged_audit_file_fails(program: Program, token: AddedToken) -> None:
    assert program.run("list", "--pin-file", "user.pin").code == 0
    assert program.run("audit", "verify").code == 0
    lines = program.audit.read_bytes().splitlines(keepends=True)
    program.audit.write_bytes(b"".join(lines[1:]))
    ended = program.run("audit", "verify", "--json")
    assert (ended.code, ended.error["code"]) == (13, "audit-broken")
    assert program.run("doctor").code == 13


def test_an_audit_file_that_was_taken_away_fails(program: Program, token: AddedToken) -> None:
    assert program.run("list", "--pin-file", "user.pin").code == 0
    program.audit.unlink()
    assert program.run("doctor").code == 13


def test_an_audit_file_that_is_not_there_yet_is_no_broken_one(program: Program) -> None:
    ended = program.run("audit", "verify", "--json")
    assert (ended.code, ended.error["code"]) == (13, "audit-unreadable")
    assert "nothing was recorded yet" in ended.error["advice"]
    assert checks(program)["audit"] == ["ok"]


def test_a_whole_audit_file_is_counted(program: Program, token: AddedToken) -> None:
    program.run("list", "--pin-file", "user.pin")
    document = program.run("audit", "verify", "--json").document
    assert document["file"] == str(program.audit)
    assert document["operations"] == 1
    assert document["unfinished"] == []


def test_audit_verify_without_an_audit_says_why(program: Program) -> None:
    ended = program.run("audit", "verify", *configured(program, "[audit]\nenabled = false\n"))
    assert ended.code == 2
    assert "audit.enabled" in ended.err


def test_plugins_tell_who_answers_each_hook_when_asked_to(program: Program) -> None:
    said = " ".join(program.run("plugins", "--verbose", "--lang", "en").out.split())
    for row in (
        "list standard",
        "match standard",
        "erase not offered by the vendor",
    ):
        assert row in said


def test_plugins_are_told_with_distribution_and_hooks(program: Program) -> None:
    (plugin,) = (
        found
        for found in program.run("plugins", "--json").document["plugins"]
        if found["name"] == "softhsm"
    )
    assert plugin["distribution"] == "lockwright-softhsm"
    assert plugin["status"] == "loaded"
    assert "lockwright_match" in plugin["hooks"]
    assert "lockwright-softhsm" in program.run("plugins").out


def test_the_policy_is_the_banks_and_with_a_token_the_stricter_of_both(
    program: Program, token: AddedToken
) -> None:
    bank = program.run("policy", "show", "--json").document
    assert (bank["token"], bank["policy"]["min_length"]) == (None, 8)
    assert bank["policy"]["max_bytes"] is None
    both = program.run("policy", "show", "--token", token.serial, "--json").document
    assert (both["policy"]["min_length"], both["policy"]["max_bytes"]) == (8, 255)
    own = configured(program, "[policy]\nmin_length = 12\n")
    assert "12" in program.run("policy", "show", *own).out


def test_a_pin_is_judged_without_a_token(program: Program) -> None:
    program.secret("weak.pin", "qwerty")
    good = program.run("policy", "check", "--new-pin-file", "new.pin")
    assert good.code == 0
    weak = program.run("policy", "check", "--new-pin-file", "weak.pin", "--json")
    assert weak.code == 6
    assert weak.document["accepted"] is False
    rules = {broken["rule"] for broken in weak.document["broken"]}
    assert rules == {"min-length", "digits", "upper", "guessable"}


def test_a_pin_that_is_the_tokens_serial_is_refused_with_the_token(
    program: Program, token: AddedToken
) -> None:
    program.secret("serial.pin", token.serial)
    ended = program.run(
        "policy", "check", "--new-pin-file", "serial.pin", "--token", token.serial, "--json"
    )
    assert "guessable" in {broken["rule"] for broken in ended.document["broken"]}
