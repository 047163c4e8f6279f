"""The register at a terminal: what is typed, what is shown, and what is recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk_client import new_login
from desk_home import DESK, Ended, Home
from lockwright_desk.cli.who import administrator
from lockwright_testkit.program import Program
from lockwright_testkit.sim.fixtures import SimulatorFactory

LASER = "jacarta,JaCarta Laser"


def piped(home: Home, text: str, *arguments: str) -> Ended:
    """A command whose standard input is a pipe."""
    done = DESK.run(
        [*arguments, "--config", home.file],
        environment={"LC_ALL": "C.UTF-8"},
        folder=home.folder,
        stdin=text,
        pass_fds=(),
        timeout=60,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def client(home: Home, name: str = "Анна Петрова") -> str:
    login = new_login()
    assert home.run("clients", "add", login, "--name", name, "--phone", "+7 495 1").code == 0
    return login


def token(home: Home, serial: str) -> str:
    text = f"adapter,model,serial\n{LASER},{serial}\n"
    assert piped(home, text, "tokens", "import", "-").code == 0
    return serial


@pytest.fixture
def plugged(sim: SimulatorFactory, tmp_path: Path) -> Program:
    device = sim("jacarta-pki", label="Anna", serial="0B5300C0FFEE0001")
    made = Program(tmp_path)
    config = made.home / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[adapters.jacarta]\nmodules = ["{device.module}"]\n')
    return made


def test_a_token_that_is_plugged_in_is_registered_as_it_is_shown(
    home: Home, plugged: Program
) -> None:
    login, shown = client(home), plugged.run("tokens", "--json").out

    looked = piped(home, shown, "tokens", "add", "-", "--to", login.upper(), "--dry-run")
    added = piped(home, shown, "tokens", "add", "-", "--to", login.upper(), "--json")
    again = piped(home, shown, "tokens", "add", "-", "--json").document

    assert "Nothing was written" in looked.err
    assert (added.document["added"], added.document["written"]) == (1, True)
    assert (again["same"], again["wrong"]) == (1, 0)
    found = home.run("tokens", "show", "0b53 00c0 ffee 0001", "--json").document
    assert (found["model"], found["label"], found["holder"]["login"]) == (
        "JaCarta Laser",
        "Anna",
        login,
    )


def test_what_becomes_of_a_token_is_shown_and_recorded(home: Home) -> None:
    first, second, serial = client(home), client(home, "Иван"), token(home, "0B53AA01")
    for arguments in (
        ("hand-over", serial, "--to", first),
        ("suspend", serial, "--reason", "called in"),
        ("restore", serial, "--reason", "it was found"),
        ("hand-over", serial, "--to", second),
        ("lost", serial, "--reason", "stolen"),
        ("retire", serial, "--reason", "never seen again"),
    ):
        ended = home.run("tokens", *arguments)
        assert (ended.code, ended.err) == (0, ""), arguments

    shown = home.run("tokens", "show", serial, "--json").document
    assert shown["state"] == "retired"
    assert [each["reason"] for each in shown["changes"]] == [
        "never seen again",
        "stolen",
        "it was found",
        "called in",
        None,
    ]
    assert [each["login"] for each in shown["holders"]] == [second, first]
    assert {each["by"] for each in (*shown["changes"], *shown["holders"])} == {administrator().name}
    records = [json.loads(line) for line in home.settings.audit.read_text().splitlines()]
    hooks = [
        (each["hook"], each["facts"]["operator"])
        for each in records
        if each["event"] == "intent" and each["facts"].get("serial") == serial
    ]
    assert hooks == [
        (f"desk_token_{what}", administrator().name)
        for what in ("hand_over", "suspend", "restore", "hand_over", "lost", "retire")
    ]


def test_clients_and_tokens_are_listed_page_by_page(home: Home) -> None:
    name = f"Зинаида {new_login().title()}"
    logins = sorted(client(home, name) for _each in range(3))

    first = home.run("clients", "list", *name.lower().split(), "--count", "2")
    key = first.err.rpartition("--after ")[2].strip()
    rest = home.run("clients", "list", name, "--after", key, "--json").document

    assert first.out.count("Зинаида") == 2
    assert rest["next"] is None
    assert [each["login"] for each in rest["clients"]] not in (logins, [])
    assert len(rest["clients"]) == 1


def test_a_client_who_is_removed_is_not_found_any_more(home: Home, tmp_path: Path) -> None:
    assert home.run("clients", "add", "sidorova", "--name", "Мария Сидорова").code == 0
    serial, file = "0B530014355969AA", tmp_path / "tokens.csv"
    file.write_text(f"adapter;model;serial;login\njacarta;JaCarta Laser;{serial};sidorova\n")
    assert home.run("tokens", "import", str(file)).code == 0
    kept = home.run("clients", "remove", "sidorova")
    assert "lockwright-desk tokens hand-over" in kept.err
    assert home.run("tokens", "hand-over", serial, "--back").code == 0

    ended = home.run("clients", "remove", "sidorova")

    assert (ended.code, "removed:" in ended.out) == (0, True)
    assert home.run("clients", "show", "sidorova").code != 0
    held = home.run("tokens", "show", serial).out
    assert ("removed:" in held, "(removed:" in held, "Сидорова" in held) == (True, False, False)
    assert home.run("clients", "list", "Сидорова", "--json").document["clients"] == []


def test_a_file_with_wrong_rows_is_told_and_nothing_of_it_is_taken(
    home: Home, tmp_path: Path
) -> None:
    login, file = new_login(), tmp_path / "clients.csv"
    file.write_text(f"login;name;phone\n{login};Анна;none\nx y;;\n", encoding="utf-8")

    told = home.run("clients", "import", str(file))
    document = home.run("clients", "import", str(file), "--json")

    assert (told.code, document.code) == (30, 30)
    assert "Rows: 2; new: 0; changed: 0; as they were: 0; wrong: 3." in told.out
    assert told.err == "Nothing was written. Correct what is named above, and repeat.\n"
    assert document.document["problems"][0] == {
        "row": 2,
        "column": "phone",
        "code": "phone",
        "text": "it is no telephone number",
    }
    assert home.run("clients", "show", login).code == 30


def test_what_is_exported_is_utf_8_whatever_the_terminal_has(home: Home, tmp_path: Path) -> None:
    login = client(home, "=Ёжик")
    out = tmp_path / "out"
    for arguments, beginning, cell in (
        ((), b"login,", f"{login},'=Ёжик,'+7 495 1".encode()),
        (("--excel",), b"\xef\xbb\xbflogin;", f"{login};'=Ёжик;'+7 495 1".encode()),
        (("--json",), b'{"clients": [', b"=\\u0401\\u0436\\u0438\\u043a"),
    ):
        with out.open("wb") as file:
            process = DESK.start(
                ["clients", "export", *arguments, "--config", home.file],
                environment={"LC_ALL": "C"},
                folder=home.folder,
                descriptors={1: file.fileno()},
            )
            assert process.wait(60) == 0
        assert out.read_bytes().startswith(beginning)
        assert cell in out.read_bytes()
        assert home.run("clients", "import", str(out), "--dry-run").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("clients", "show", "nobody"), 30, "no client with the login nobody"),
        (("clients", "show", "\udcff"), 2, "it holds bytes that are no text"),
        (("clients", "add", "x", "--name", "\n"), 30, "name cannot be used: it holds a character"),
        (("clients", "list", "--after", "x"), 30, "no such page"),
        (("clients", "list", "--count", "501"), 2, "from 1 to 500"),
        (("clients", "import", "/nowhere"), 14, "The file /nowhere cannot be read"),
        (("clients", "import", "/"), 14, "it is a folder"),
        (("clients", "import", "/dev/null"), 30, "the column is missing"),
        (("clients", "import", "-"), 30, "the column is missing"),
        (("tokens", "show", "404"), 30, "No token with the serial number 404"),
        (("tokens", "list", "--free", "--state", "lost"), 2, "Give one of --ending"),
        (("tokens", "add", "/dev/null"), 30, "no document of lockwright tokens --json"),
        (("tokens", "hand-over", "1"), 2, "Give either --to or --back"),
    ],
)
def test_what_the_register_cannot_do_is_said_in_a_sentence(
    home: Home, arguments: tuple[str, ...], code: int, text: str
) -> None:
    ended = home.run(*arguments)

    assert ended.code == code, ended
    assert text in ended.err + ended.out
    assert "Traceback" not in ended.err
