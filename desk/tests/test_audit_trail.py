"""What the desk did is shown and given out, and how its trail ends is signed by the HSM."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from desk_home import Home
from lockwright.audit import AuditTrail
from lockwright.audit.records import canonical, head_path
from lockwright_desk.enrolment.authority.token import make_key
from siem_home import operation


@pytest.fixture(scope="module")
def anchored(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A desk whose trail went on after it was anchored."""
    home = Home(tmp_path_factory.mktemp("anchored"))
    assert home.init().code == 0
    home.otp("anna")
    AuditTrail(home.settings.audit).append_all(list(operation(client="Анна")))
    ended = home.run("audit", "anchor", "--out", "anchor.json")
    assert ended.code == 0, ended.err
    assert "Keep a copy of" in ended.err
    AuditTrail(home.settings.audit).append_all(list(operation(client="Пётр")))
    return home


@pytest.fixture
def home(anchored: Home, tmp_path: Path) -> Home:
    """A copy of it."""
    shutil.copytree(anchored.folder, tmp_path / "desk", symlinks=True)
    return Home(tmp_path / "desk")


ANCHOR = ("--anchor", "anchor.json")


def cut(home: Home, count: int) -> None:
    """Take lines off the end, and write a head that fits, as whoever may write both can."""
    file = home.settings.audit
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-count]))
    _head(file)


def _head(file: Path) -> None:
    last = file.read_bytes().splitlines()[-1]
    head = {"seq": json.loads(last)["seq"], "hash": hashlib.sha256(last).hexdigest()}
    head_path(file).write_bytes(canonical(head) + b"\n")


def test_an_anchor_says_how_the_trail_ended_and_the_trail_may_go_on(home: Home) -> None:
    said = json.loads((home.folder / "anchor.json").read_text())
    lines = home.settings.audit.read_text().splitlines()

    ended = home.run("audit", "verify", *ANCHOR)

    assert ended.code == 0, ended.err
    assert said["hash"] in lines[said["seq"]]
    assert json.loads(lines[said["seq"]])["facts"]["anchor"]["hash"] == said["hash"]


def test_the_next_anchor_checks_what_is_behind_the_last_one_or_all_of_it(home: Home) -> None:
    first = json.loads((home.folder / "anchor.json").read_text())["seq"]
    folder = home.folder / "anchors"
    folder.mkdir()

    since = home.run("audit", "anchor", "--json", "--out", "anchors", "--since", "anchor.json")
    last = home.run("audit", "anchor", "--json", "--out", "anchors")
    told = home.run("audit", "anchor", "--out", "third.json")

    assert since.document["checked_since"] == first
    assert last.document["checked_since"] == since.document["seq"]
    assert "All of it was checked." in told.out
    _change(home, 1)
    assert home.run("audit", "anchor", "--out", "anchors").code == 0
    whole = home.run("audit", "anchor", "--out", "anchors", "--whole")
    assert "it was changed" in whole.err
    _change(home, -2)
    broken = home.run("audit", "anchor", "--out", "anchors")
    assert (broken.code, "it was changed" in broken.err) == (whole.code, True)
    both = home.run("audit", "anchor", "--whole", "--since", "anchor.json")
    assert both.code == 2


def test_an_anchor_of_another_trail_or_key_is_no_beginning(home: Home) -> None:
    said = json.loads((home.folder / "anchor.json").read_text())
    for name in ("trail", "hash"):
        (home.folder / "other.json").write_text(json.dumps({**said, name: "0" * 64}))
        ended = home.run("audit", "anchor", "--since", "other.json")
        assert "it is not signed with the key" in ended.err


def _change(home: Home, index: int) -> None:
    """Change a line of the trail."""
    file = home.settings.audit
    lines = file.read_bytes().splitlines(keepends=True)
    record = json.loads(lines[index])
    lines[index] = canonical({**record, "host": "elsewhere"}) + b"\n"
    file.write_bytes(b"".join(lines))


def test_a_cut_end_whose_head_was_written_anew_is_found_by_an_anchor_alone(home: Home) -> None:
    seq = json.loads((home.folder / "anchor.json").read_text())["seq"]
    lines = len(home.settings.audit.read_bytes().splitlines())
    cut(home, lines - seq + 1)

    without = home.run("audit", "verify")
    found = home.run("audit", "verify", *ANCHOR)

    assert without.code == 0, without.err
    assert found.code == 13
    assert f"records {seq} to {seq}, which were anchored, are missing after it" in found.err


def test_a_history_that_was_written_anew_is_found_by_an_anchor(home: Home) -> None:
    file = home.settings.audit
    lines = file.read_bytes().splitlines()
    file.unlink()
    head_path(file).unlink()
    kept = [json.loads(line) for line in lines]
    for record in kept:
        for name in ("seq", "time", "previous"):
            del record[name]
    AuditTrail(file).append_all(kept)

    ended = home.run("audit", "verify", *ANCHOR)

    assert home.run("audit", "verify").code == 0
    assert ended.code == 13
    assert "no trail that was given begins with the record that its trail began with" in ended.err


def test_a_line_that_was_changed_with_all_behind_it_is_found_by_an_anchor(home: Home) -> None:
    file = home.settings.audit
    lines = file.read_bytes().splitlines()
    head_path(file).unlink()
    file.write_bytes(lines[0] + b"\n")
    for line in lines[1:]:
        record = json.loads(line)
        for name in ("seq", "time", "previous"):
            del record[name]
        AuditTrail(file).append(record)

    ended = home.run("audit", "verify", *ANCHOR)

    assert ended.code == 13
    assert "it is not the one that was anchored" in ended.err


@pytest.mark.parametrize("what", ["seq", "hash", "signature", "nothing"])
def test_an_anchor_that_was_changed_is_not_believed(home: Home, what: str) -> None:
    file = home.folder / "anchor.json"
    said = json.loads(file.read_text())
    changes = {"seq": 1, "hash": "0" * 64, "signature": said["signature"][4:] + "AAAA"}
    file.write_text(json.dumps({**said, what: changes[what]}) if what in changes else "{}")

    ended = home.run("audit", "verify", *ANCHOR)

    assert ended.code == 13
    assert "The anchor anchor.json cannot be used" in ended.err


def test_another_key_than_the_one_that_was_kept_is_not_believed(home: Home) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    (home.folder / "other.pem").write_bytes(
        other.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )

    ended = home.run("audit", "verify", *ANCHOR, "--anchor-key", "other.pem")

    assert ended.code == 13
    assert "it is not signed with the key that was given" in ended.err


def test_a_key_that_is_gone_is_not_made_a_second_time(home: Home) -> None:
    text = home.file.read_text()
    home.file.write_text(text + '\n[audit.anchor]\nkey_label = "another"\n')

    ended = home.run("audit", "anchor", "--out", "second.json")

    assert ended.code == 30
    assert "the token has no key another, though there is" in ended.err
    assert not (home.folder / "second.json").exists()


def test_a_trail_that_is_broken_is_not_anchored(home: Home) -> None:
    text = home.settings.audit.read_bytes()
    home.settings.audit.write_bytes(text.replace("Анна".encode(), "Анка".encode()))

    ended = home.run("audit", "anchor", "--out", "second.json")

    assert ended.code == 13
    assert not (home.folder / "second.json").exists()


def test_an_rsa_key_of_the_hsm_anchors_as_well(home: Home) -> None:
    home.file.write_text(
        home.file.read_text()
        + '\n[audit.anchor]\nkey_label = "rsa"\npublic_key = "rsa-anchor.pem"\n'
    )
    token = home.settings.anchor.token
    assert token is not None
    make_key(token, "rsa:2048")

    made = home.run("audit", "anchor", "--json")
    anchor = Path(made.document["file"])
    checked = home.run("audit", "verify", "--anchor", str(anchor))

    assert anchor.name.endswith(f"-{made.document['seq']:010}.json")
    assert checked.code == 0, checked.err


def test_the_desk_shows_its_trail_and_records_that_it_was_given_out(home: Home) -> None:
    shown = home.run("audit", "show", "--about", "Пётр")
    given = home.run("audit", "export", "--hook", "desk_answer")
    both = home.run("audit", "export", "audit.jsonl", "audit.jsonl", "--csv")
    recorded = home.run("audit", "show", "--hook", "desk_audit_export", "--json")

    assert "Пётр" in shown.out
    assert "Анна" not in shown.out
    assert [json.loads(line)["hook"] for line in given.out.splitlines()] == ["desk_answer"] * 4
    assert len(both.out.splitlines()) > 2 * len(given.out.splitlines())
    assert [each["outcome"] for each in recorded.document["operations"]] == ["ok", "ok"]
