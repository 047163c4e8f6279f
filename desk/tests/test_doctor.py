"""``lockwright-desk doctor``: a desk that works, and whatever may be wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_home import Ended, Home
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa, pem

_HELP_DESK = """
[helpdesk]

[signin]
origin = "https://{name}:8443"

[keeper]
socket = "keeper.sock"
"""
_PROXY = """
[proxy]
trusted = ["127.0.0.1"]
certificate_header = "X-Client-Certificate"
"""
_NAME = "desk.bank.test"


def outcomes(ended: Ended) -> dict[str, set[str]]:
    """How the checks of each area came out."""
    found: dict[str, set[str]] = {}
    for check in ended.document["checks"]:
        found.setdefault(check["area"], set()).add(check["status"])
    return found


def told(ended: Ended, area: str) -> str:
    """What is said of an area."""
    checks = [each for each in ended.document["checks"] if each["area"] == area]
    return " ".join(f"{each['message']} {each['advice']}" for each in checks)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A desk with a help desk whose name its certificate has, and no keeper."""
    names = {'"localhost"': f'"{_NAME}", "localhost"'}
    made = Home(tmp_path, changes=names, extra=_HELP_DESK.format(name=_NAME))
    assert made.init().code == 0
    return made


def test_a_desk_that_works_is_told_so_and_only_its_keeper_is_missing(home: Home) -> None:
    ended = home.run("doctor", "--json")

    assert ended.code != 0
    found = outcomes(ended)
    assert found.pop("keeper") == {"fail"}
    assert found.pop("disk") <= {"ok", "warn"}
    areas = "configuration database ca certificate passwords audit clock signin notices"
    assert found == {area: {"ok"} for area in areas.split()}

    home.file.write_text(home.file.read_text().replace(_HELP_DESK.format(name=_NAME), ""))
    alone = home.run("doctor")
    assert alone.code == 0, alone
    assert "The CA's key can be used" in alone.out


def test_what_is_wrong_is_told_all_at_once_in_the_language_of_who_asks(home: Home) -> None:
    home.file.write_text(home.file.read_text().replace(f'"https://{_NAME}', '"https://other.test'))
    (home.folder / "otp-key").unlink()
    (home.folder / "ca-pin").write_text("wrong")

    ended = home.run("doctor", "--json")
    russian = home.run("doctor", language="ru_RU.UTF-8")

    assert {area for area, how in outcomes(ended).items() if "fail" in how} == {
        *("ca", "certificate", "keeper", "passwords")
    }
    assert "other.test" in told(ended, "certificate")
    assert russian.code == ended.code != 0
    assert "Сертификат сервера" in russian.out
    assert "Traceback" not in ended.err + russian.err + russian.out


def test_a_configuration_with_an_address_for_its_pages_ends_it(home: Home) -> None:
    home.file.write_text(home.file.read_text().replace(f"https://{_NAME}", "https://127.0.0.1"))

    ended = home.run("doctor", "--json")

    assert ended.code != 0
    assert outcomes(ended) == {"configuration": {"fail"}}
    assert "a passkey needs a name" in told(ended, "configuration")


@pytest.mark.parametrize("overwrites", [True, False], ids=["overwrites", "inherits"])
def test_a_forged_certificate_is_tried_at_a_real_proxy(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, overwrites: bool
) -> None:
    ca = TestCa.root("CN=Proxy")
    (tmp_path / "proxy-ca.pem").write_bytes(pem(ca.certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "proxy-ca.pem"))
    home.file.write_text(home.file.read_text() + _PROXY)
    own = "proxy_set_header X-Client-Certificate $ssl_client_escaped_cert;" if overwrites else ""
    (tmp_path / "nginx").mkdir()

    with home.serving("--port", "0") as server:
        place = f"proxy_pass https://127.0.0.1:{server.port}; proxy_set_header X-Other 1; {own}"
        with Nginx(tmp_path / "nginx", ca, home.ca, demands="optional", place=place) as nginx:
            origin = f"https://localhost:{nginx.port}"
            text = home.file.read_text().replace(f"https://{_NAME}:8443", origin)
            home.file.write_text(text)
            ended = home.run("doctor", "--json")

    assert outcomes(ended)["proxy"] == {"ok" if overwrites else "fail"}
    assert "X-Client-Certificate" in told(ended, "proxy")


def test_a_proxy_that_is_not_there_is_a_warning(home: Home) -> None:
    text = home.file.read_text().replace(f"https://{_NAME}:8443", "https://localhost:9")
    home.file.write_text(text + _PROXY)

    ended = home.run("doctor", "--json")

    assert outcomes(ended)["proxy"] == {"warn"}
