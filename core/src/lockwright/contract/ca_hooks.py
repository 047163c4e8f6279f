"""The contract of CA clients: every hook that a plugin for a bank's own portal implements.

A client runs in the caller's process; no vendor's module is near it. It is a plugin as an adapter
is one, and the name of its entry point is the ``kind`` that ``[ca.NAME]`` of the configuration
names. Exactly one client is asked, and any plugin may wrap what it is asked.

A client implements every hook here and none of an adapter's; what it cannot do it declares by
raising :class:`lockwright.errors.NotSupported`. ``lockwright_ca_renewal_info`` may be left out: its
CA then tells nothing. A hook raises nothing but
:class:`lockwright.errors.LockwrightError`.

Compatibility: arguments may be added to a hook, never renamed or removed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from operator import attrgetter

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import Of
from lockwright.contract.declaration import declared_in, hook
from lockwright.contract.request_keys import RequestKeys
from lockwright.models import (
    CaAnswer,
    CaOrder,
    CaProfile,
    CaRequirements,
    Pending,
    RenewalInfo,
    Token,
)
from lockwright.secret import Secret

_ORDER = {
    "ca": Of("ca", lambda ca: {"name": ca.name, "kind": ca.kind, "url": ca.url}),
    "login": Of("order", attrgetter("login")),
    "request_sha256": Of("order", lambda order: audit_facts.digest(order.request)),
    "renews_sha256": Of("order", lambda order: audit_facts.digest_if_any(order.renews)),
}
"""What the audit trail holds of an order."""


@hook()
def lockwright_ca_certificates(ca: CaProfile) -> Sequence[bytes]:  # type: ignore[empty-body]
    """Fetch the CA's own certificates, before an order and where no trust is configured yet.

    No password is at hand. Where the CA has anchors, the server must be vouched for; what comes
    stands between a certificate and them, and is trusted by nobody. Without anchors nothing
    vouches for the server, and a certificate is trusted after a person has compared its
    fingerprint.

    Args:
        ca: the CA, with its anchors or without.

    Returns:
        The CA certificates, DER, in any order; what is of no use among them is passed over.

    Raises:
        NotSupported: this kind of CA does not give them; an order goes on without.
        CaError: the server could not be asked.
    """


@hook()
def lockwright_ca_requirements(ca: CaProfile) -> CaRequirements:  # type: ignore[empty-body]
    """Ask what the CA wants, before a key is made; so a server that is not there costs no key.

    Args:
        ca: the CA.

    Returns:
        What it asks for. No password may be sent for it.

    Raises:
        CaError: the server cannot be reached, or is not to be trusted.
    """


@hook(records=_ORDER, tells=audit_facts.answer)
def lockwright_ca_enrol(  # type: ignore[empty-body]
    ca: CaProfile,
    token: Token | None,
    order: CaOrder,
    password: Secret | None,
    keys: RequestKeys,
) -> CaAnswer:
    """Order a first certificate.

    After an interruption the very same order is sent again, so nothing of it may be used up by
    the sending alone. A refusal is taken as final only as the answer to the very first sending:
    then the key is removed. Later the CA may have issued, and the key is kept.

    Args:
        ca: the CA.
        token: the token with the key, for a wrapper to judge; None if the key is on none.
        order: the request and the login.
        password: one-time password; it goes to a verified server only, and into no log or error.
        keys: signs what the protocol wants signed beside the request.

    Returns:
        Issued, pending until a time, or refused with the CA's own text.

    Raises:
        CaLoginRefused: login and password were not accepted.
        CaRefused: the order was not; it counts as ``Refused``, for a kind with words of its own.
        CaError: what the CA did is not known; the order may be sent again.
    """


@hook(records=_ORDER, tells=audit_facts.answer)
def lockwright_ca_poll(  # type: ignore[empty-body]
    ca: CaProfile,
    token: Token | None,
    order: CaOrder,
    pending: Pending,
    password: Secret | None,
    keys: RequestKeys,
) -> CaAnswer:
    """Ask again about an order that was pending, after its time has come.

    Args:
        ca: the CA.
        token: as for ``lockwright_ca_enrol``.
        order: the order as it was.
        pending: the CA's last answer, with the client's own handle.
        password: as for ``lockwright_ca_enrol``.
        keys: as for ``lockwright_ca_enrol``.

    Returns:
        As ``lockwright_ca_enrol``.

    Raises:
        CaForgot: the CA does not know the order any more; the very same is sent again.
        CaError: as for ``lockwright_ca_enrol``.
    """


@hook(records=_ORDER, tells=audit_facts.answer)
def lockwright_ca_renew(  # type: ignore[empty-body]
    ca: CaProfile,
    token: Token | None,
    order: CaOrder,
    password: Secret | None,
    keys: RequestKeys,
) -> CaAnswer:
    """Order a certificate in place of one that is about to expire.

    Args:
        ca: the CA.
        token: as for ``lockwright_ca_enrol``.
        order: the order; ``renews`` is the old certificate, and the request has its subject.
        password: one-time password; None where the old key signs instead.
        keys: signs with the new key and with the old one.

    Returns:
        As ``lockwright_ca_enrol``.

    Raises:
        CaError: as for ``lockwright_ca_enrol``.
        NotSupported: this kind of CA does not renew.
    """


@hook()
def lockwright_ca_renewal_info(ca: CaProfile, certificate: bytes) -> RenewalInfo | None:
    """Ask when the CA wants a certificate renewed; no password is at hand.

    It is asked after a certificate was issued, and when a person looks for what is due. It is
    advice: whatever goes wrong here, the bank's own rule holds.

    Args:
        ca: the CA, which issued it.
        certificate: the certificate, DER.

    Returns:
        What the CA says; None where it says nothing of this certificate.

    Raises:
        NotSupported: it is not to be asked.
        CaError: the server could not be asked, or its answer cannot be read.
    """


HOOKS = declared_in(sys.modules[__name__])
"""Every hook of a CA client, by name, in this order."""
