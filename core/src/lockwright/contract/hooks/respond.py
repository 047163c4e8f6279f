"""The hooks that answer a Request, on the bank's side; no token is connected there."""

from __future__ import annotations

from operator import attrgetter

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import Of
from lockwright.contract.declaration import RequestEffect, hook
from lockwright.i18n import N_
from lockwright.keys.response import ResponseKey
from lockwright.models import Grounds, ResponseRule
from lockwright.models.settings import Settings


@hook(doing=N_("answer a Request"))
def lockwright_response_rule(model: str, settings: Settings) -> ResponseRule:  # type: ignore[empty-body]
    """Say what a Request and an administrator key of a model look like; from its name alone.

    Args:
        model: model of the client's token, as its ``CK_TOKEN_INFO`` names it.
        settings: the adapter's table of the configuration.

    Returns:
        The rule. A Request of another length, or a key of another form, is refused before anybody
        is asked for a key.

    Raises:
        NotSupported: the rule by which this model's Response is made is not public.
    """


@hook(
    doing=N_("answer a Request"),
    records={
        "operator": Of("grounds", attrgetter("operator")),
        "reason": Of("grounds", attrgetter("reason")),
        "ticket": Of("grounds", attrgetter("ticket")),
        "request_sha256": Of("challenge", audit_facts.request_mark),
        "key": Of("key", audit_facts.place_of),
        "default_key_allowed": Of("key", attrgetter("default_allowed")),
    },
    unrecorded=N_("The Response is not shown, for it is not recorded; the Request is used up."),
    request=RequestEffect.ANSWERS,
)
def lockwright_respond(  # type: ignore[empty-body]
    vendor: str,
    model: str,
    serial: str,
    challenge: bytes,
    key: ResponseKey,
    settings: Settings,
    grounds: Grounds,
) -> bytes:
    """Compute the Response on the bank's side, with the vendor's own public algorithm.

    It runs in a child process of its own where no token is connected; the vendor's module may be
    missing there. Where a Responder stays open it runs in such a process for many Requests, or in
    copies of it, so it keeps nothing of a Request or a key. An adapter that needs the module loads
    it itself, from the paths that its own ``lockwright_modules`` names for ``settings``. A wrapper
    leaves ``key`` and ``settings`` out and gets the Response as a ``Secret``, which it must not
    show.

    Args:
        vendor: name of the adapter, for wrappers.
        model: model of the client's token, as its ``CK_TOKEN_INFO`` names it.
        serial: serial number of the client's token.
        challenge: the Request as bytes, of the length that ``lockwright_response_rule`` names.
        key: administrator key or password of that very token, of a form that the rule names; it
            may lie in an HSM.
        settings: the adapter's table of the configuration.
        grounds: who answers and why, for wrappers: a second person's consent, a ticket system.

    Returns:
        The Response as bytes. An algorithm that is not publicly known must not be invented.

    Raises:
        NotSupported: the rule by which this model's Response is made is not public.
        RequestMalformed: it is no Request of this model.
        KeyUnusable: the key is of no use for this model.
    """
