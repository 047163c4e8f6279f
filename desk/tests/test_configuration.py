"""The configuration: what it says, and that nothing in it is passed over."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from lockwright.errors import BrokenConfiguration
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration.keeper import KeeperPlace, KeeperSettings
from lockwright_desk.configuration.keeper import load as load_keeper
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.errors import DeskNotReady, SubjectIncomplete, UnknownProfile

LEAST = """
[server]
certificate = "server.pem"
key = "server-key.pem"
[ca]
key_file = "ca-key.pem"
[profiles.client]
"""


SIEM = f"{LEAST}[siem]\nprotocol = 'relp'\n"
NESTED = {
    "signin": {"oidc"},
    "audit": {"anchor"},
    "ca": {"token"},
    "keeper": {"limits", "adapters"},
    "helpdesk": {"hours", "limits", "line", "second", "notices"},
    "helpdesk.notices": {"smtp", "webhook"},
}
"""Tables inside of tables, which have a section of their own."""


def settings(folder: Path, text: str) -> Settings:
    file = folder / "desk.toml"
    file.write_text(text)
    return configuration.load(file)


def profile(folder: Path, subject: str) -> Profile:
    return settings(folder, f"{LEAST}subject = '{subject}'\n").profile("client")


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    found = settings(tmp_path, LEAST)

    client = found.profile("client")
    assert found.database == f"sqlite:///{tmp_path}/desk.db"
    assert found.audit == tmp_path / "audit.jsonl"
    assert found.server.port == 8443
    assert found.proxy.trusted == ()
    assert (found.limits.login_failures, found.limits.address_failures) == (5, 100)
    assert client.key_types == ("ec:p256", "rsa:2048")
    assert client.validity == timedelta(days=365)
    assert not client.approval


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "[ca] says neither key_file nor, in [ca.token], the module"),
        ("[ca]\nkey_file = 'k'", "there is no profile; write one as [profiles.NAME]"),
        (LEAST + "colour = 1", "[profiles.client] colour is unknown"),
        (LEAST + "subject = 'CN={'", "[profiles.client] subject cannot be used"),
        (LEAST + "subject = 'CN={name!r}'", "a field is only a name in braces"),
        (LEAST + "subject = 'CN=Everybody'", "it has no field, so everybody would get the same"),
        (LEAST + "subject = 'no name {name}'", "[profiles.client] subject cannot be used"),
        (LEAST + "key_types = ['rsa:1024']", "key_types is rsa:1024, not one of rsa:2048"),
        (LEAST + "key_usage = ['key-cert-sign']", "key_usage is key-cert-sign, not one of"),
        (LEAST + "days = 0", "[profiles.client] days must be a whole number, 1 or more"),
        (LEAST + "approval = 1", "[profiles.client] approval must be true or false"),
        (LEAST + "[profiles.cacerts]", "[profiles.cacerts] is not a valid name for a profile"),
        (LEAST + "[profiles.'a/b']", "[profiles.a/b] is not a valid name for a profile"),
        (LEAST + "[database]\nurl = 'postgresql://a:b@c/d'", "it must not hold a password"),
        (LEAST + "[proxy]\ntrusted = ['here']", "trusted: here is not an IP address or network"),
        (LEAST + "[proxy]\ncertificate_header = 'X'", "believed only from trusted"),
        (LEAST.replace("key =", "kei ="), "[server] kei is unknown"),
        (LEAST.replace('key = "server-key.pem"', ""), "certificate and key belong together"),
        (LEAST.replace("[ca]", "port = 70000\n[ca]"), "port is more than 65535"),
        (LEAST.replace("[ca]", "[ca]\nsubject = 'Bank'"), "[ca] subject cannot be used"),
        ("[server]\n[ca]\nkey_file = 'k'\n[profiles.a]", "certificate is needed where no proxy"),
        (LEAST + "[plugins]\nallow = ['a @ b @ c']", "[plugins] allow: a @ b @ c is neither NAME"),
        (LEAST + "[plugins]\nrequire = ['a']", "[plugins] require is unknown"),
        (LEAST + "[adapters]\njacarta = 1", "[adapters] jacarta must be a table"),
        (LEAST + "[siem]\nport = 1", "[siem] host is missing"),
        (LEAST + "[siem]\nhost = 'a'\ntls = false", "tls = false is for RELP to this computer"),
        (SIEM + "host = 'a'\ntls = false", "tls = false is for RELP to this computer alone"),
        (SIEM + "host = 'a'\nkey_file = 'k'", "certificate_file and key_file belong together"),
        (SIEM + "host = 'a'\napp_name = 'стол'", "at most 48 letters of ASCII"),
        (SIEM + "host = 'a'\nbody = 'leef'", "body is leef, not one of json, cef"),
        (SIEM + "host = 'a'\nenterprise = 4294967296", "enterprise is more than 4294967295"),
        (SIEM + "host = 'a'\ncollector = 'b'", "[siem] collector is unknown"),
        (LEAST + "[audit.anchor]\nlabel = 'a'", "names another token without its module"),
        (
            LEAST + "[audit.anchor]\nmodule = '/m'\ntoken = 'a'",
            "[audit.anchor] token is unknown; known are key_label, label, module, pin_file, public",
        ),
        ("\udc80", "it is not UTF-8 text"),
    ],
)
def test_what_has_no_meaning_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(BrokenConfiguration) as caught:
        configuration.load(file)

    assert reason in str(caught.value.facts["reason"])


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DeskNotReady, match="lockwright-desk init"):
        configuration.load(tmp_path / "desk.toml")


def test_a_profile_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownProfile, match="There is no profile other; there are"):
        settings(tmp_path, LEAST).profile("other")


@pytest.mark.parametrize(
    "name",
    [
        "Anna Petrova",
        "Анна Петрова",
        "O'Hara, Inc.",
        "a+b=c",
        "#hash",
        '"quoted"',
        "back\\slash",
        "a;b<c>",
    ],
)
def test_a_value_stays_one_value_of_the_subject(tmp_path: Path, name: str) -> None:
    """Nobody gets an organisation of his own by being called ``x,O=Another Bank``."""
    subject = profile(tmp_path, "CN={name},O=Bank,C=RU").subject_of("login", {"name": name})

    assert [attribute.value for attribute in subject] == ["RU", "Bank", name]


def test_the_login_fills_its_field_by_itself(tmp_path: Path) -> None:
    subject = profile(tmp_path, "CN={name}+UID={login},O=Bank").subject_of("anna", {"name": "Anna"})

    assert "UID=anna" in subject.rfc4514_string()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "missing: name"),
        ({"name": "x", "o": "y"}, "unknown: o"),
        ({"name": " "}, "empty: name"),
    ],
)
def test_fields_that_do_not_fit_are_told(
    tmp_path: Path, values: dict[str, str], reason: str
) -> None:
    with pytest.raises(SubjectIncomplete, match=reason):
        profile(tmp_path, "CN={name},O=Bank").subject_of("login", values)


KEEPER = '[keeper]\nmodule = "m"\ntoken = "t"\n'


def known_keys(folder: Path, table: str) -> set[str]:
    """The keys that a table knows, which its error names when it meets another."""
    texts = {
        "ca.token": '[ca.token]\nmodule = "m"\nstrange = 1',
        "profiles.client": f"{LEAST}strange = 1",
        "keeper": f"{LEAST}{KEEPER}strange = 1",
        "keeper.limits": f"{LEAST}{KEEPER}[keeper.limits]\nstrange = 1",
    }
    begun = LEAST.replace(f"[{table}]", f"[{table}]\nstrange = 1")
    whole = begun if begun != LEAST else f"{LEAST}[{table}]\nstrange = 1"
    with pytest.raises(BrokenConfiguration) as caught:
        settings(folder, texts.get(table, whole) + "\n[profiles.other]")
    _text, found, keys = str(caught.value.facts["reason"]).partition("known are ")
    assert found, caught.value
    return set(keys.split(", "))


def test_every_setting_stands_in_the_reference_and_no_other(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "desk-configuration.md"
    for section in re.split(r"^## `\[", page.read_text(), flags=re.MULTILINE)[1:]:
        table, text = section.split("]`", 1)
        if table == "adapters.NAME":
            continue  # each adapter's own
        rows = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
        documented = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
        nested = NESTED.get(table, set())

        assert documented | nested == known_keys(tmp_path, table.replace("NAME", "client")), table


def keeper(folder: Path, text: str) -> KeeperSettings:
    file = folder / "keeper.toml"
    file.write_text(text)
    return load_keeper(file)


def test_a_keeper_has_a_file_of_its_own_which_the_desk_may_point_to(tmp_path: Path) -> None:
    keeper(tmp_path, KEEPER + 'socket = "k.sock"\n[keeper.adapters.etoken]\nmodules = ["/m.so"]\n')
    desk = tmp_path / "desk.toml"
    desk.write_text(LEAST + '[keeper]\nsocket = "k.sock"\nconfig = "keeper.toml"\npatience = 3\n')

    asked, whole = configuration.load(desk).keeper, load_keeper(desk)

    assert asked == KeeperPlace(tmp_path / "k.sock", 3.0)
    assert whole.place.socket == tmp_path / "k.sock"
    assert whole.hsm.module == tmp_path / "m"
    assert whole.adapters == {"etoken": {"modules": ["/m.so"]}}
    assert settings(tmp_path, LEAST).keeper is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "module and token are needed"),
        ("[keeper]\n", "module and token are needed"),
        ('[keeper]\nmodule = "m"\n', "module and token are needed"),
        (KEEPER + "sessions = 65\n", "sessions is more than 64"),
        (KEEPER + "[keeper.limits]\nper_day = 0\n", "per_day must be"),
        ('[keeper]\nconfig = "keeper.toml"\n', "has config itself"),
        ('[keeper]\nconfig = "nothing.toml"\n', "there is no file"),
    ],
)
def test_a_keeper_without_what_it_needs_is_told(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises((BrokenConfiguration, DeskNotReady), match=reason):
        keeper(tmp_path, text)


def test_files_of_a_keeper_that_name_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "another.toml").write_text('[keeper]\nconfig = "keeper.toml"\n')

    with pytest.raises(BrokenConfiguration, match="has config itself"):
        keeper(tmp_path, '[keeper]\nconfig = "another.toml"\n')


def test_a_desk_that_says_where_no_keeper_is_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenConfiguration, match="neither socket nor module"):
        settings(tmp_path, LEAST + "[keeper]\npatience = 3\n")
    with pytest.raises(BrokenConfiguration, match="the rest belongs into that file"):
        settings(tmp_path, LEAST + KEEPER + 'config = "keeper.toml"\n')
