"""The configuration file: what it can say, where it is found, and how a mistake is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.config import CaSettings, Config, default_audit, load, places
from lockwright.errors import BrokenConfiguration
from lockwright.ledger import Limits
from lockwright.models.deadlines import Deadlines
from lockwright.policy import BANK_DEFAULT, PinPolicy

Write = Callable[[str], Path]

WHOLE = """
[plugins]
allow = ["softhsm", "approval"]
require = ["approval"]

[adapters.softhsm]
modules = ["/opt/softhsm.so"]
binding = "pykcs11"
retries = 3
strict = true

[policy]
min_length = 10
max_length = 16
refuse_guessable = false

[trust]
anchors = ["ca.pem", "/etc/bank/root.pem"]

[audit]
file = "trail/audit.jsonl"

[deadlines]
inspect = 2.5
generate = 600

[window]
paste_pins = true

[import]
allow = true

[warn]
days = 14

[ca.bank]
url = "https://ra.example"
label = "staff"
trust = ["ca.pem"]
server_trust = ["web.pem", "system"]
key_type = "ec:p256"
subject = "CN={login}"
contact = "Olga"

[ca.branch]
kind = "cmp"
url = "http://cmp.example/pkix/"
recipient = "CN=Branch"
plain_http = true
mac = "pbmac1"
iterations = 1024
request = "ir"

[ca.portal]
kind = "portal"
anything = 3

[ca.paper]
kind = "offline"

[enrolment]
journal = "enrolments"
contact = "the manager"

[respond]
ledger = "trail/answered.db"
per_serial = 3
per_operator = 40
key_uri = "pkcs11:object={serial}"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with nothing in it."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration file."""

    def written(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text)
        return path

    return written


def reason(path: Path) -> str:
    with pytest.raises(BrokenConfiguration) as caught:
        load(path)
    assert caught.value.facts["file"] == str(path)
    return str(caught.value.facts["reason"])


def test_everything_can_be_said_in_one_file(write: Write, tmp_path: Path) -> None:
    config = load(write(WHOLE))

    assert config == Config(
        allow=("softhsm", "approval"),
        require=("approval",),
        adapters={
            "softhsm": {
                "modules": ["/opt/softhsm.so"],
                "binding": "pykcs11",
                "retries": 3,
                "strict": True,
            }
        },
        policy=PinPolicy(min_length=10, max_length=16, min_digits=1, min_upper=1, min_lower=1),
        trust=(tmp_path / "ca.pem", Path("/etc/bank/root.pem")),
        imports=True,
        paste_pins=True,
        audit=tmp_path / "trail" / "audit.jsonl",
        deadlines=Deadlines(inspect=2.5, call=30, generate=600),
        warn_days=14,
        authorities={
            "bank": CaSettings(
                url="https://ra.example",
                label="staff",
                trust=(tmp_path / "ca.pem",),
                server_trust=(tmp_path / "web.pem",),
                system_trust=True,
                key_type="ec:p256",
                subject="CN={login}",
                contact="Olga",
            ),
            "branch": CaSettings(
                kind="cmp",
                url="http://cmp.example/pkix/",
                further={
                    "recipient": "CN=Branch",
                    "plain_http": True,
                    "mac": "pbmac1",
                    "iterations": 1024,
                    "request": "ir",
                },
            ),
            "portal": CaSettings(kind="portal", further={"anything": 3}),
            "paper": CaSettings(kind="offline"),
        },
        journal=tmp_path / "enrolments",
        contact="the manager",
        ledger=tmp_path / "trail" / "answered.db",
        limits=Limits(per_serial=3, per_operator=40),
        key_uri="pkcs11:object={serial}",
    )


def test_an_empty_file_changes_nothing(write: Write) -> None:
    assert load(write("")) == Config()


def test_without_a_file_the_bank_s_defaults_hold_and_work_is_audited(home: Path) -> None:
    config = load()

    assert (config.allow, config.policy, config.trust) == (None, BANK_DEFAULT, ())
    assert config.audit is not None
    assert config.audit.is_relative_to(home)
    assert config.audit.name == "audit.jsonl"


def test_a_program_that_makes_its_own_configuration_is_audited_too() -> None:
    assert Config().audit == load().audit
    assert Config(audit=None).audit is None


def test_the_computer_s_file_comes_before_the_user_s_own(home: Path) -> None:
    own = home / ".config" / "lockwright" / "config.toml"
    assert places() == (Path("/etc/lockwright/config.toml"), own)
    own.parent.mkdir(parents=True)
    own.write_text("[warn]\ndays = 3\n")

    assert load().warn_days == 3


@pytest.mark.parametrize("kind", ["folder", "loop of links"])
def test_a_found_file_that_cannot_be_read_is_an_error_and_no_default(home: Path, kind: str) -> None:
    own = home / ".config" / "lockwright" / "config.toml"
    own.parent.mkdir(parents=True)
    if kind == "folder":
        own.mkdir()
    else:
        own.symlink_to(own)

    with pytest.raises(BrokenConfiguration):
        load()


def test_audit_can_be_switched_off(write: Write) -> None:
    assert load(write("[audit]\nenabled = false\n")).audit is None


def test_a_path_may_begin_with_the_home_folder(write: Write, home: Path) -> None:
    assert load(write('[audit]\nfile = "~/trail.jsonl"\n')).audit == home / "trail.jsonl"


def test_a_relative_file_is_read_from_where_it_is(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('[trust]\nanchors = ["ca.pem"]\n')
    monkeypatch.chdir(tmp_path)

    assert load(Path("config.toml")).trust == (tmp_path / "ca.pem",)


CMP = "[ca.a]\nkind = 'cmp'\nurl = 'https://a'\n"


def test_an_empty_allow_list_allows_nothing(write: Write) -> None:
    assert load(write("[plugins]\nallow = []\n")).allow == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[plugin]\n", "[plugin] is unknown; known are adapters, audit, ca, deadlines, "),
        ("warn_days = 3\n", "[warn_days] is unknown"),
        ("[audit]\nfiel = 'x'\n", "[audit] fiel is unknown; known are enabled, file"),
        ("[policy]\nmin_lenght = 8\n", "[policy] min_lenght is unknown; known are max_bytes, "),
        ("[deadlines]\nsign = 8\n", "[deadlines] sign is unknown; known are ca, call, generate, "),
        ("audit = 'x'\n", "audit must be a table"),
        ("[ca.a]\nurl = 'https://a'\nurll = 1\n", "[ca.a] urll is unknown; known are contact, "),
        ("[ca.a]\nurl = 'https://a'\nplain_http = true\n", "[ca.a] plain_http is unknown"),
        ("[ca.a]\nkind = 'est'\n", "[ca.a] url is missing"),
        (f"{CMP}renewal = 'simpleenroll'\n", "[ca.a] renewal is unknown"),
        (
            "[ca.a]\nurl = 'https://a'\nrenewal = 'enroll'\n",
            "[ca.a] renewal must be one of simplereenroll, simpleenroll",
        ),
        (f"{CMP}mac = 'md5'\n", "[ca.a] mac must be one of pbm, pbm-sha1, pbmac1"),
        (f"{CMP}request = 'kur'\n", "[ca.a] request must be one of p10cr, ir, cr"),
        (f"{CMP}iterations = 99\n", "[ca.a] iterations must be a whole number from 100 to 1000000"),
        (f"{CMP}iterations = true\n", "[ca.a] iterations must be a whole number"),
        (f"{CMP}iterations = '1'\n", "[ca.a] iterations must be a whole number"),
        ("[enrolment]\ncontact = ''\n", "[enrolment] contact must be a text in quotes"),
        ("[adapters]\nsofthsm = 'x'\n", "[adapters] softhsm must be a table"),
        ("[plugins]\nallow = 'softhsm'\n", "[plugins] allow must be a list of texts"),
        ("[plugins]\nrequire = 'approval'\n", "[plugins] require must be a list of texts"),
        ("[plugins]\nallow = ['']\n", "[plugins] allow must be a list of texts"),
        ("[trust]\nanchors = [1]\n", "[trust] anchors must be a list of texts"),
        ("[audit]\nfile = ''\n", "[audit] file must be a text in quotes"),
        ("[audit]\nfile = 1\n", "[audit] file must be a text in quotes"),
        ("[audit]\nenabled = 'no'\n", "[audit] enabled must be true or false"),
        ("[warn]\ndays = -1\n", "[warn] days must be a whole number, 0 or more"),
        ("[warn]\ndays = true\n", "[warn] days must be a whole number, 0 or more"),
        ("[warn]\ndays = 1.5\n", "[warn] days must be a whole number, 0 or more"),
        ("[policy]\nmin_digits = '1'\n", "[policy] min_digits must be a whole number, 0 or more"),
        ("[policy]\nmax_length = 0\n", "[policy] max_length must be a whole number, 1 or more"),
        ("[policy]\nrefuse_guessable = 1\n", "[policy] refuse_guessable must be true or false"),
        (
            "[deadlines]\ncall = 0\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        (
            "[deadlines]\ncall = 604801\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        (
            "[deadlines]\ncall = inf\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        (
            "[deadlines]\ncall = nan\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        (
            "[deadlines]\ncall = true\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        (
            "[deadlines]\ncall = '9'\n",
            "[deadlines] call must be seconds, more than 0 and at most a week",
        ),
        ("[adapters.a]\nx = 1.5\n", "[adapters.a] x must be a text, a whole number, true or "),
        (
            "[adapters.a]\nx = 9223372036854775808\n",
            "[adapters.a] x must be a text, a whole number, true or ",
        ),
        ("[adapters.a]\nx = [1]\n", "[adapters.a] x must be a text, a whole number, true or "),
        ("[adapters.a.b]\nx = 1\n", "[adapters.a] b must be a text, a whole number, true or "),
    ],
)
def test_a_mistake_is_told_with_its_table_and_key(write: Write, text: str, told: str) -> None:
    assert reason(write(text)).startswith(told)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("max_length = 7", "max_length is 7, the other rules need 8"),
        ("min_length = 1\nmax_length = 2", "max_length is 2, the other rules need 3"),
        ("max_bytes = 7", "max_bytes is 7, the other rules need 8"),
        ("min_bytes = 20\nmax_bytes = 16", "max_bytes is 16, the other rules need 20"),
        ("min_digits = 9\nmax_length = 10", "max_length is 10, the other rules need 11"),
    ],
)
def test_a_policy_that_no_pin_can_keep_is_refused(write: Write, rules: str, told: str) -> None:
    assert reason(write(f"[policy]\n{rules}\n")) == f"[policy] no PIN can keep it: {told}"


def test_broken_toml_is_told_with_its_line(write: Write) -> None:
    told = reason(write("[audit]\nfile = audit.jsonl\n"))
    assert told == 'line 2, column 8 is not TOML ("Invalid value")'
    assert reason(write("audit")).startswith("it is not TOML (")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")

    assert reason(path) == "it is not UTF-8 text"


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    assert reason(tmp_path / "none.toml") == "there is no such file or folder"


def test_reading_the_configuration_loads_nothing_heavy(write: Write) -> None:
    code = (
        "import sys; from pathlib import Path; from lockwright.config import load;"
        f"load(Path({str(write(WHOLE))!r}));"
        "print([m for m in ('platformdirs', 'cryptography', 'click', 'rich') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )

    assert done.stdout == "[]\n"


def test_the_ledger_lies_beside_the_audit_file_unless_said_otherwise(write: Write) -> None:
    trail = load(write('[audit]\nfile = "/var/log/bank/audit.jsonl"\n'))
    unaudited = load(write("[audit]\nenabled = false\n"))
    said = load(write('[respond]\nledger = "/srv/answered.db"\n'))

    assert trail.ledger_file == Path("/var/log/bank/answered.db")
    assert unaudited.ledger_file == Config().ledger_file == default_audit().with_name("answered.db")
    assert said.ledger_file == Path("/srv/answered.db")


@pytest.mark.parametrize("value", ["0", "-1", "true", '"5"'])
def test_a_limit_is_a_whole_number_from_one(write: Write, value: str) -> None:
    assert "per_serial" in reason(write(f"[respond]\nper_serial = {value}\n"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="takes another account")
def test_an_account_without_a_home_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A container may run as a number that nobody has."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    load()  # what is imported late is imported now
    child = os.fork()
    if not child:
        os.setuid(54321)
        try:
            assert places() == (Path("/etc/lockwright/config.toml"),)
            load()
        except BrokenConfiguration as error:
            os._exit(0 if "XDG_STATE_HOME" in str(error) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
