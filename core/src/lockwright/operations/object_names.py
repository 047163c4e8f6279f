"""Objects as people name them, in the language in use."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.models import ObjectKind, TokenObject


def kind(obj: TokenObject) -> str:
    """What an object is."""
    return {
        ObjectKind.CERTIFICATE: _("certificate"),
        ObjectKind.PRIVATE_KEY: _("private key"),
        ObjectKind.PUBLIC_KEY: _("public key"),
        ObjectKind.SECRET_KEY: _("secret key"),
        ObjectKind.DATA: _("data object"),
        ObjectKind.OTHER: _("object"),
    }[obj.kind]


def describe(obj: TokenObject) -> str:
    """Its kind and its label or id; the beginning of its ref, if it has neither."""
    label = obj.label if obj.label.strip() else ""
    return f"{kind(obj)} {label or obj.id.hex() or obj.ref[:12]}"
