"""Where the operations of an EST server are (RFC 7030, 3.2.2)."""

from __future__ import annotations

from urllib.parse import quote, unquote

from lockwright.enrol.ca.tls import secure_url
from lockwright.errors import CaAddressUnclear
from lockwright.i18n import N_, _
from lockwright.models import CaProfile

_ROOT = "/.well-known/est"
_OPERATIONS = frozenset(
    {"cacerts", "csrattrs", "fullcmc", "serverkeygen", "simpleenroll", "simplereenroll"}
)
"""Names that no label can have."""
_OF_A_SEGMENT = "!$&'()*+,;=:@"


def path_of(ca: CaProfile, operation: str) -> str:
    """The path of an operation.

    A CA's address is that of the server, of its EST root, or of a profile, as it is shown where
    the server is run: what follows the root is the label then.

    Args:
        ca: the CA.
        operation: such as ``simpleenroll``.

    Raises:
        CaNotSecure: the address is not one that a password may be sent to.
        CaAddressUnclear: it names another profile than the configuration, or something else.
    """
    base = secure_url(ca).path.rstrip("/")
    before, found, after = base.rpartition(_ROOT)
    if not found or after[:1] not in {"", "/"}:
        before, after = base, ""
    named = unquote(after[1:])
    if named and ("/" in after[1:] or named in _OPERATIONS):
        raise _unclear(ca, N_("what follows /.well-known/est in it is not the name of a profile"))
    if named and ca.label and named != ca.label:
        told = _("it names the profile {named}, and the configuration {label}")
        raise _unclear(ca, told.format(named=named, label=ca.label))
    label = quote(named or ca.label, safe=_OF_A_SEGMENT)
    return "/".join(filter(None, (before + _ROOT, label, operation)))


def _unclear(ca: CaProfile, reason: str) -> CaAddressUnclear:
    return CaAddressUnclear(ca=ca.name, url=ca.url, reason=reason)
