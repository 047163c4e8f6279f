from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.errors import BrokenUri
from lockwright.models import ModuleInfo, TokenIdentity
from lockwright.pkcs11 import uri

TOKEN = TokenIdentity(
    serial="DECC0401648",
    label="The Software PKCS#11 Softtoken",
    model="1.0",
    manufacturer="Snake Oil, Inc.",
    module=ModuleInfo(Path("/opt/s.so"), "Snake Oil, Inc.", "Soft Token Library", (1, 0)),
    slot=327,
    slot_description="Sun Metaslot",
)


@pytest.mark.parametrize(
    "text",
    [
        # examples of RFC 7512, section 3
        "pkcs11:",
        "pkcs11:object=my-pubkey;type=public",
        (
            "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;"
            "manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;type=cert;"
            "id=%69%95%3E%5C%F4%BD%EC%91"
        ),
        "pkcs11:slot-description=Sun%20Metaslot",
        "pkcs11:slot-id=327",
        "pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-version=1",
        "PKCS11:serial=DECC0401648",
    ],
)
def test_a_uri_names_the_token(text: str) -> None:
    assert uri.matches(uri.parse(text), TOKEN)


@pytest.mark.parametrize(
    "text",
    [
        "pkcs11:serial=other",
        "pkcs11:token=The Software PKCS#11 Softtoken;serial=other",
        "pkcs11:slot-id=0",
        "pkcs11:library-version=1.1",
        "pkcs11:x-vendor=anything",
        "pkcs11:token=%ff%fe",
        "pkcs11:token=\udcff",
        "pkcs11:serial=",
    ],
)
def test_a_uri_that_says_otherwise_names_another_token(text: str) -> None:
    assert not uri.matches(uri.parse(text), TOKEN)


def test_the_module_path_is_read_from_the_query() -> None:
    read = uri.parse("pkcs11:token=T?module-name=x&module-path=/opt/with%20space.so")
    assert read.module_path == Path("/opt/with space.so")
    assert uri.parse("pkcs11:token=T").module_path is None


@pytest.mark.parametrize(
    "text",
    [
        "pkcs11:token=T?pin-value=77665544",
        "pkcs11:token=T?module-path=/m.so&pin-value=77665544",
        "pkcs11:token=T?pin-source=file:/etc/77665544",
        "pkcs11:token=T;pin-value=77665544",
        "pkcs11:token=T?PIN-Value=77665544",
    ],
)
def test_a_pin_in_a_uri_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BrokenUri, match="PIN is never taken") as caught:
        uri.parse(text)
    assert "77665544" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("http://example.org", "begin with pkcs11"),
        ("pkcs11:token", "name=value"),
        ("pkcs11:=x", "name=value"),
        ("pkcs11:token=a;token=b", "twice"),
        ("pkcs11:?module-path=/m%00.so", "no path has a NUL byte"),
    ],
)
def test_what_is_no_uri_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(BrokenUri, match=reason):
        uri.parse(text)


@given(st.text(), st.text(), st.text(), st.text())
def test_every_token_is_found_by_its_own_uri(
    label: str, manufacturer: str, serial: str, model: str
) -> None:
    token = replace(TOKEN, label=label, manufacturer=manufacturer, serial=serial, model=model)
    assert uri.matches(uri.parse(uri.uri_of(token)), token)


def test_the_uri_of_a_token_is_written_as_the_rfc_does() -> None:
    assert uri.uri_of(TOKEN) == (
        "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;"
        "manufacturer=Snake%20Oil,%20Inc.;serial=DECC0401648;model=1.0"
    )
