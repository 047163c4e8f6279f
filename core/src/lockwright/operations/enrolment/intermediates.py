"""What a CA gives of its own certificates before an order, to lead from one to its trust.

The answer to an order carries the issued certificate alone (RFC 7030, 4.2.3); those between it
and a root come from elsewhere. They are trusted by nobody: a chain through them is checked.
"""

from __future__ import annotations

from itertools import accumulate

from lockwright.calls.authorities import CaCalls
from lockwright.contract import ca_hooks
from lockwright.enrol import trust
from lockwright.enrol.supported import is_checkable
from lockwright.errors import AdapterBroken, CaError, NotSupported
from lockwright.models import CaProfile

_MOST = 1024 * 1024
"""Bytes of certificates that are kept; a CA has a handful, and the longest answer holds no more."""


def known_of(calls: CaCalls, ca: CaProfile) -> tuple[bytes, ...]:
    """The CA's own certificates that can be of use in a chain, DER; none if it gives none.

    An order goes on without: trust may be enough alone, and what is issued is kept in any case.

    Args:
        calls: the hooks of CA clients.
        ca: the CA.
    """
    try:
        sent = calls(ca_hooks.lockwright_ca_certificates, ca)
    except (AdapterBroken, CaError, NotSupported):
        return ()
    useful = [each for each in trust.readable(sent) if is_checkable(each, of_ca=True)]
    found = dict.fromkeys(map(trust.der, useful))
    sizes = accumulate(map(len, found))
    return tuple(each for each, size in zip(found, sizes, strict=True) if size <= _MOST)
