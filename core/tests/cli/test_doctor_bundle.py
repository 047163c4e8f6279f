"""``doctor --bundle``: all that support asks for, and no secret of any kind."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lockwright.cli.scrubbing import scrubbed
from lockwright.enrol.soft_key import new_key
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, AddedToken

PLANTED = (
    "Geheim-4711",
    "93847561",
    "F00DFACE8BADF00DF00DFACE8BADF00DF00DFACE8BADF00D",
    "6565 D73A F6D9 81C6 35381",
    "7K3M-9QXT-C2WP-4HZR-0ABE",
    "hunter2",
)
LINES = (
    "login with pin={0}",
    '{{"event": "x", "user_pin": "{0}", "left": 3}}',
    "User PIN: {0}",
    "so-pin = '{0}'",
    "ran: lockwright list --pin {0} --token 0B53001435596976",
    "PIN {1} was refused",
    "ПИН-код: {0}",
    "пароль {1}",
    "key_uri = pkcs11:token=hsm;object=a?pin-value={0}&module-path=/usr/lib/x.so",
    "connected to postgresql://desk:{5}@db.bank.example/desk",
    "Authorization: Basic YW5uYTpodW50ZXIy",
    "curl -H 'Authorization: Bearer {0}' https://ra.bank.example",
    "the administrator key is {2}",
    "Response read out: {3}",
    "one-time password {4} given to anna",
    "it was {4}",
    "it was {3}",
)


def bundled(program: Program, *arguments: str | Path) -> tuple[str, Any]:
    file = program.home / "bundle.json"
    ended = program.run("doctor", "--bundle", file, *arguments)
    assert "Read it before you send it" in ended.err, ended
    text = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    return text, json.loads(text)


@pytest.mark.parametrize("line", LINES)
def test_a_secret_in_a_log_is_taken_out_by_its_name_or_its_form(line: str) -> None:
    said = scrubbed(line.format(*PLANTED))

    assert [each for each in (*PLANTED, "YW5uYTpodW50ZXIy") if each in said] == []
    assert "***" in said


def test_what_is_no_secret_stays() -> None:
    line = "2026-11-30T16:10:02Z token 0B53001435596976 /usr/lib/libjcPKCS11-2.so.1.2.3 lost PIN, 3"

    assert scrubbed(line) == line


def test_a_bundle_has_what_support_asks_for(program: Program, token: AddedToken) -> None:
    assert program.run("list", "--pin-file", "user.pin").code == 0

    _text, content = bundled(program)

    assert "lockwright-softhsm" in content["versions"]
    assert {"PATH", "LANG"} <= set(content["environment"])
    assert [each["area"] for each in content["checks"]][:2] == ["python", "configuration"]
    assert any(each["adapter"] == "softhsm" for each in content["modules"])
    assert any(token.serial in line for line in content["logs"][str(program.audit)])


def test_secrets_of_every_kind_are_in_no_bundle(
    program: Program, token: AddedToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the environment, the configuration, a log, the audit file, and a key of several lines."""
    pem = new_key("ec:p256").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    inside = pem.decode().splitlines()[1:-1]
    monkeypatch.setenv("LOCKWRIGHT_X", PLANTED[0])
    log, config = program.home / "desk.log", program.home / "lockwright.toml"
    log.write_text("\n".join(line.format(*PLANTED) for line in LINES) + "\n" + pem.decode())
    config.write_text(
        "[respond]\n"
        f'key_uri = "pkcs11:token=hsm;object=a?module-path=/usr/lib/x.so&pin-value={PLANTED[0]}"\n'
        f'[ca.bank]\nkind = "est"\nurl = "https://ra.bank.example"\nsubject = "CN={PLANTED[2]}"\n'
    )
    program.run("list", "--pin-file", "user.pin")
    for body in ("", f'[plugins]\nrequire = ["{PLANTED[0]}"]\nx = 1\n', "broken ["):
        config.write_text(config.read_text() + body)
        text, content = bundled(program, "--config", config, "--log", log)
        assert [each for each in (*PLANTED, *inside, USER_PIN) if each in text] == []
        assert base64.b64encode(b"anna:hunter2").decode() not in text
        assert "LOCKWRIGHT_X" in content["environment"]
        assert len(content["logs"][str(log)]) >= len(LINES)


def test_a_bundle_never_overwrites_a_file(program: Program) -> None:
    file = program.home / "there.json"
    file.write_text("mine")

    ended = program.run("doctor", "--bundle", file, "--json")

    assert (ended.code, ended.error["code"]) == (14, "file-not-written")
    assert file.read_text() == "mine"
    assert program.run("doctor", "--log", file).code == 2
