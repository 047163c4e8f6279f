"""Answered a Request where no token is: judge the administrator key, let the adapter compute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lockwright.errors import DefaultKey, KeyUnusable, RuleNotPublic
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef, Care, Respond
from lockwright.i18n import N_, _
from lockwright.keys.mark import PROBE
from lockwright.keys.response import KeyInHand, PasswordInHand, ResponseKey, is_known_key
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.models import KeyForm, ResponseRule
from lockwright.models.settings import Settings
from lockwright.secret import Secret


def respond(
    adapter: AdapterRef, settings: Settings, asked: Respond, care: Care | None = None
) -> Secret:
    """The Response.

    Args:
        adapter: the adapter, which is imported here.
        settings: its table of the configuration.
        asked: the Request and the key.
        care: how the tries of an HSM's PIN are spared.

    Raises:
        RuleNotPublic: how the Response of this model is made is not public.
        KeyUnusable, DefaultKey: the key is not to be used.
        RequestMalformed: it is not a Request of this model.
        PinError, ModuleError: an HSM does not let us in.
        AdapterBroken: the adapter failed.
    """
    loaded = LoadedAdapter(adapter)
    rules, responds = loaded.hook("lockwright_response_rule"), loaded.hook("lockwright_respond")
    if rules is None or responds is None:
        raise RuleNotPublic(model=asked.model, adapter=loaded.name)
    rule = loaded.guarded(lambda: rules(model=asked.model, settings=settings))
    with _ready(asked.key, care or Care()) as key:
        _check(asked.key, key, rule)
        answer = loaded.guarded(
            lambda: responds(
                vendor=loaded.name,
                model=asked.model,
                serial=asked.serial,
                challenge=asked.challenge,
                key=key,
                settings=settings,
                grounds=asked.grounds,
            )
        )
    if not isinstance(answer, bytes) or not answer:
        raise loaded.broken(_("it answered: {}").format(type(answer).__name__))
    return Secret(answer)


def recognised(key: HsmKey, care: Care | None = None) -> bytes:
    """What a key in an HSM makes of ``PROBE``, by which the ledger knows it again.

    Args:
        key: the key.
        care: how the tries of its PIN are spared.

    Raises:
        PinError, ModuleError: the HSM does not let us in.
        KeyUnusable: it is not to be used.
    """
    with _ready(key, care or Care()) as opened:
        return opened.des3_ecb(PROBE)


@contextmanager
def _ready(source: KeySource, care: Care) -> Iterator[ResponseKey]:
    if not isinstance(source, GivenKey):
        from lockwright.host import hsm  # noqa: PLC0415  # with it comes a binding

        with hsm.opened(source, care) as key:
            yield key
    elif source.form is KeyForm.PASSWORD:
        yield PasswordInHand(source.value)
    else:
        yield KeyInHand(source.value)


def _check(source: KeySource, key: ResponseKey, rule: ResponseRule) -> None:
    """Refuse a key of a form that the model cannot have, and one that everybody knows."""
    form = source.form if isinstance(source, GivenKey) else KeyForm.HEX
    if form not in rule.key_forms:
        raise KeyUnusable(
            reason=N_("this model takes an administrator key of another form (--key-format)")
        )
    if not source.default_allowed and _is_default(source, key, rule):
        raise DefaultKey


def _is_default(source: KeySource, key: ResponseKey, rule: ResponseRule) -> bool:
    if isinstance(source, GivenKey) and source.form is KeyForm.PASSWORD:
        return any(source.value == Secret(each) for each in rule.default_keys)
    return is_known_key(key, rule.default_keys)
