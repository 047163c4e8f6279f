"""What is done wrong with a desk in service is told in the desk's own form, and what to do."""

from __future__ import annotations

import json
import socket

from desk_home import Home

STRANGE = "the system says"


def refused(home: Home, code: str, *command: str) -> tuple[str, str]:
    """What is told as JSON: the message and the advice; nobody's token was in it."""
    ended = home.run(*command, "--json")
    assert ended.code in {3, 30}, ended
    error = json.loads(ended.out)["error"]
    assert error["code"] == code, error
    assert error["cost"] == "Nothing was changed."
    assert STRANGE not in error["message"]
    assert "docs/" not in error["advice"]
    return error["message"], error["advice"]


def test_a_port_in_use_is_told_by_its_address(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said, _advice = refused(home, "desk-address", "serve", "--port", str(port))

    assert said == f"The desk cannot listen on 127.0.0.1:{port}: another program listens there."


def test_a_changed_subject_of_the_ca_is_told_by_init_and_undone_by_its_own(fresh: Home) -> None:
    assert fresh.init().code == 0
    before = {file.name: file.read_bytes() for file in fresh.folder.glob("*.pem")}
    text = fresh.file.read_text()
    fresh.file.write_text(text.replace("CN=Bank CA,O=Bank", "CN=Other CA,O=Bank"))

    said, advice = refused(fresh, "desk-ca-subject", "init")

    assert "CN=Other CA,O=Bank,C=RU" in said
    assert "CN=Bank CA,O=Bank,C=RU" in said
    assert "ca.subject" in advice
    assert before == {file.name: file.read_bytes() for file in fresh.folder.glob("*.pem")}
    fresh.file.write_text(text)
    assert fresh.run("init").out.startswith("Everything is there already")


def test_the_ca_that_was_brought_keeps_its_name_where_none_is_configured(fresh: Home) -> None:
    assert fresh.init().code == 0
    lines = fresh.file.read_text().splitlines(keepends=True)
    fresh.file.write_text("".join(line for line in lines if "CN=Bank CA" not in line))

    assert fresh.run("init").code == 0


def test_a_misspelt_field_is_told_beside_those_that_there_are(home: Home) -> None:
    said, _advice = refused(
        home, "desk-subject-incomplete", "otp", "new", "anna", "--set", "nme=Anna"
    )

    assert "unknown: nme; known: name" in said


def test_a_broken_configuration_names_a_page_that_comes_with_the_program(fresh: Home) -> None:
    fresh.file.write_text("[server]\nprot = 8443\n")

    _said, advice = refused(fresh, "desk-configuration-broken", "init")

    assert advice.endswith("lockwright-desk help configuration")
    shown = fresh.run("help", "configuration")
    assert "| `port` |" in shown.out
