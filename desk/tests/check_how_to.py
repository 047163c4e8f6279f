"""The first half of "Run the desk", followed from an empty folder: its blocks, in their order.

What differs is told to curl by its own configuration, where the host of the page is, and the
one-time password, which curl asks a person for.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from desk_home import Home
from how_to import HELP_DESK, PAGE, blocks, run

SOURCES = PAGE.parents[2]


@pytest.mark.timeout(1200)
def test_the_desk_is_installed_from_a_fresh_checkout_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is there but the sources: no environment, and no folder of the installation."""
    monkeypatch.setenv("NO_APT", "1")
    checkout, installed = tmp_path / "sources", tmp_path / "opt"
    subprocess.run(["git", "clone", "--quiet", SOURCES, checkout], check=True)
    assert not (checkout / ".venv").exists()

    install, _init = blocks("Set it up")
    run(install, {"/opt/lockwright-desk": installed}, checkout)

    program = installed / "bin" / "lockwright-desk"
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    assert told.stdout.startswith("lockwright-desk")
    assert (installed / "share" / "man" / "man1" / "lockwright-desk.1").exists()
    assert (installed / "share" / "lockwright-desk" / "lockwright-desk.service").exists()


def test_the_how_to_leads_from_an_empty_folder_to_a_revoked_certificate(
    fresh: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(script: str, **instead: Path) -> str:
        return run(script, instead, fresh.folder)

    _install, init = blocks("Set it up")
    follow(init)
    (toml,) = blocks("Say what a certificate is", "toml")
    fresh.file.write_text(toml)
    for name in "ca.pem", "server.pem":  # as the page says for a CA of another name
        (fresh.folder / name).unlink()
    follow(init)

    (made,) = blocks("Give a person a password", "console")
    said = follow(made.splitlines()[0].removeprefix("$ "))
    shown = re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}|\d{4}-\d\d-\d\d \d\d:\d\d", "#", made)
    assert (
        re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}|\d{4}-\d\d-\d\d \d\d:\d\d", "#", said)
        == (shown.partition("\n")[2])
    )
    password = re.search(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", said)
    assert password is not None

    monkeypatch.setenv("CURL_HOME", str(tmp_path))
    with fresh.serving() as server:
        curlrc = f"connect-to = desk.bank.example:8443:127.0.0.1:{server.port}\nsilent\n"
        (tmp_path / ".curlrc").write_text(curlrc)
        _init, authorities = blocks("Serve")[0].strip().split("\n")
        assert "subject=C = RU, O = Demo Bank, CN = Client CA" in follow(authorities)
        (enrol,) = blocks("Other clients")
        assert "--user anna " in enrol
        follow(enrol.replace("--user anna ", f"--user {shlex.quote('anna:' + password[0])} "))
        assert "BEGIN CERTIFICATE" in (fresh.folder / "anna.pem").read_text()

    follow(blocks("Approve requests")[0].splitlines()[0])
    listed, revoke, crl = blocks("Revoke")[0].strip().splitlines()
    follow(listed)
    (serial,) = (
        each["serial"]
        for each in fresh.run("certificates", "list", "--json").document["certificates"]
        if each["login"] == "anna"
    )
    follow(re.sub(r"\b[0-9a-f]{40}\b", serial, revoke))
    (tmp_path / "pki").mkdir()
    run(crl, {"/var/www/pki": tmp_path / "pki"}, fresh.folder)
    listing = f"openssl crl -inform DER -in {tmp_path}/pki/crl.der -noout -text"
    assert serial.upper() in follow(listing)


def test_the_register_is_kept_as_the_page_says(fresh: Home) -> None:
    assert fresh.init().code == 0
    (people,) = blocks("Keep the register", "csv", HELP_DESK)
    (fresh.folder / "clients.csv").write_text(people, encoding="utf-8")
    tokens = {"adapter": "jacarta", "model": "JaCarta Laser", "serial": "0B53001435596976"}
    shown = fresh.folder / "shown.json"
    shown.write_text(json.dumps({"tokens": [{**tokens, "label": "Anna", "slot": 0}]}))

    for script in blocks("Keep the register", "sh", HELP_DESK):
        run(script, {}, fresh.folder)
    (piped,) = blocks("Keep the register", "console", HELP_DESK)
    run(piped.replace("$ lockwright tokens --json", "cat shown.json"), {}, fresh.folder)
    (find,) = blocks("Find somebody", "sh", HELP_DESK)
    assert "0B53001435596976" in run(find, {}, fresh.folder)
    (change,) = blocks("When something happens to a token", "sh", HELP_DESK)
    assert "worn out" in run(change, {}, fresh.folder)
    (export,) = blocks("Take the register elsewhere", "sh", HELP_DESK)
    run(export, {}, fresh.folder)
    for what in ("clients.csv", "tokens.json"):
        kind = what.partition(".")[0]
        again = run(f"lockwright-desk {kind} import {what} --json", {}, fresh.folder)
        assert json.loads(again)["wrong"] == 0
        assert json.loads(again)["same"] == {"clients": 2, "tokens": 1}[kind]
