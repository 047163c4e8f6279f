"""The adapter of Acme, a vendor that does not exist: plain PKCS#11 but for one thing."""

from __future__ import annotations

from pathlib import Path

from lockwright.adapter import StandardAdapter

CARD = "Acme Card"
"""A model that has each object deleted by itself."""


class Acme(StandardAdapter):
    """Acme's tokens, over python-pkcs11."""

    modules = (Path("/usr/lib/acme/libacme11.so"), Path(r"C:\Windows\System32\acme11.dll"))
    bindings = ("python-pkcs11",)
    tokens = {"Acme Ltd": ("Acme One", CARD)}
    not_offered = {"wipe": {CARD: "its objects are deleted one by one"}}


adapter = Acme()
