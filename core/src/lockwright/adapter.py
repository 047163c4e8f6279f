"""All that an adapter imports beside the data: the class it derives from, and the hook marker.

An adapter is one entry point in the group ``lockwright``. It names an instance of a class derived
from :class:`StandardAdapter`, or a Python module with functions marked ``@hookimpl`` that carry the
names of :mod:`lockwright.contract.hooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, ParamSpec, Self, TypeVar

from lockwright.bindings import BINDINGS, Choice, check_settings, choose, load
from lockwright.contract import hooks
from lockwright.contract.adapter_class import (
    NO_FUNCTION,
    Answer,
    Reason,
    answers_in,
    check_tuples,
    hooks_in,
    refusal,
)
from lockwright.contract.markers import PROJECT, hookimpl
from lockwright.models import Confidence, Match, TokenIdentity
from lockwright.models.settings import Setting, Settings
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module

P = ParamSpec("P")
T = TypeVar("T")


def _plain(hook: Callable[P, T], function: Callable[P, T]) -> staticmethod[P, T]:
    """A standard operation as the answer to a hook, with the types of both."""
    del hook
    return staticmethod(function)


def _models(tokens: object) -> dict[str, object]:
    """The models of each manufacturer, by how they are written."""
    told = tokens if isinstance(tokens, Mapping) else {}
    return {f"tokens[{maker!r}]": models for maker, models in told.items()}


class StandardAdapter:
    """An adapter that answers every hook as plain PKCS#11 answers it.

    A vendor's adapter derives from it, says below which modules, binding and tokens are its own,
    and overrides what its vendor does differently, by the hook's name and without a marker::

        class Acme(StandardAdapter):
            modules = (Path("/usr/lib/acme/libacme11.so"),)
            bindings = ("python-pkcs11",)
            tokens = {"Acme Ltd": ("Acme One", "Acme Two")}
            not_offered = {"wipe": "Acme's tokens have each object deleted by itself"}


        adapter = Acme()

    Raises:
        TypeError: when the class is made: a method named ``lockwright_...`` is no hook of the
            contract or takes an argument that the hook has not, ``not_offered`` names what is
            none, or a text stands where a tuple is asked for.
    """

    modules: ClassVar[Sequence[Path]] = ()
    """Where the vendor's PKCS#11 modules lie: absolute paths, the preferred one first."""
    bindings: ClassVar[Sequence[str]] = tuple(BINDINGS)
    """The bindings it works with, the default one first."""
    tokens: ClassVar[Mapping[str, Collection[str]]] = {}
    """Its tokens: the models that it knows, by ``CK_TOKEN_INFO.manufacturerID``. It also takes
    tokens of these manufacturers whose model is new to it, less sure of them."""
    own_settings: ClassVar[Mapping[str, type[Setting]]] = {}
    """Keys of its table of the configuration beside ``binding`` and ``modules``, with their types;
    :meth:`choice` reads them."""
    at_once: ClassVar[int | None] = None
    """How many attributes of an object its module bears to be asked for in one request."""
    response_models: ClassVar[Sequence[str]] = ()
    """Models (``CK_TOKEN_INFO.model``) whose Requests it answers at the bank's side: what
    ``lockwright respond`` offers to pick from. Its rule decides, so others may be answered, too."""
    needs_pcsc: ClassVar[bool] = False
    """Whether its module reaches tokens through the PC/SC service; ``lockwright doctor`` then looks
    for that."""
    not_offered: ClassVar[Mapping[str, Reason]] = {}
    """What its vendor does not offer: hooks, without ``lockwright_``, each with the reason, or with
    the reason by model (``CK_TOKEN_INFO.model``) where only some models do not. Such a hook raises
    :class:`lockwright.errors.NotSupported` with it."""

    answers: ClassVar[Mapping[str, Answer]] = {}
    """How each hook is answered, by its name without ``lockwright_``; made with the class."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        check_settings(cls.own_settings)
        named = {
            "bindings": cls.bindings,
            "modules": cls.modules,
            "response_models": cls.response_models,
            **_models(cls.tokens),
        }
        check_tuples(cls.__name__, named)
        cls.answers = answers_in(cls, StandardAdapter)

    def __new__(cls, *_args: object, **_more: object) -> Self:
        """An instance with every hook."""
        adapter = super().__new__(cls)
        # The hooks stand in the instance, so super() in a method finds the class's own methods.
        vars(adapter).update(dict(hooks_in(adapter, cls.answers)))
        return adapter

    def __getstate__(self) -> dict[str, object]:
        """What a process elsewhere cannot make by itself: everything but the hooks."""
        return {name: value for name, value in vars(self).items() if name not in hooks.HOOKS}

    def choice(self, settings: Settings) -> Choice:
        """Read the adapter's table of the configuration.

        Args:
            settings: the table.

        Returns:
            The binding, the modules' paths, and its own settings.

        Raises:
            BrokenConfiguration: the table holds a key or a value that means nothing.
        """
        return choose(settings, modules=self.modules, bindings=self.bindings, own=self.own_settings)

    def reserved(self, choice: Choice) -> bytes | None:
        """What the module wants in ``CK_C_INITIALIZE_ARGS.pReserved``; None for nothing.

        Args:
            choice: what the table of the configuration says.
        """
        del choice
        return None

    def places(self, choice: Choice) -> Sequence[Path]:
        """Files and folders of its module's own, which ``lockwright doctor`` looks at.

        Args:
            choice: what the table of the configuration says.
        """
        del choice
        return ()

    def _modules(self, settings: Settings) -> Sequence[Path]:
        return self.choice(settings).modules

    def _open(self, path: Path, settings: Settings) -> Module:
        choice = self.choice(settings)
        return load(choice.binding, path, at_once=self.at_once, reserved=self.reserved(choice))

    def _match(self, identity: TokenIdentity) -> Match | None:
        models = self.tokens.get(identity.manufacturer)
        if models is None:
            return None
        sure = Confidence.MODEL if identity.model in models else Confidence.FAMILY
        return Match(sure, standard.match_reason(identity))

    # Their arguments are the contract's; under its names their signatures would stand there twice.
    lockwright_modules = _modules
    lockwright_open = _open
    lockwright_match = _match
    lockwright_state = _plain(hooks.lockwright_state, standard.state)
    lockwright_list = _plain(hooks.lockwright_list, standard.list_objects)
    lockwright_unblock = _plain(hooks.lockwright_unblock, standard.unblock)
    lockwright_change_pin = _plain(hooks.lockwright_change_pin, standard.change_pin)
    lockwright_delete = _plain(hooks.lockwright_delete, standard.delete)
    lockwright_wipe = _plain(hooks.lockwright_wipe, standard.wipe)
    lockwright_generate = _plain(hooks.lockwright_generate, standard.generate)
    lockwright_keys = _plain(hooks.lockwright_keys, standard.keys)
    lockwright_sign = _plain(hooks.lockwright_sign, standard.sign)
    lockwright_store = _plain(hooks.lockwright_store, standard.store)
    lockwright_policy = _plain(hooks.lockwright_policy, standard.policy)
    lockwright_init = _plain(hooks.lockwright_init, standard.init)
    lockwright_import_key = _plain(hooks.lockwright_import_key, standard.import_key)
    lockwright_change_so_pin = _plain(hooks.lockwright_change_so_pin, standard.change_so_pin)


StandardAdapter.answers = answers_in(StandardAdapter, StandardAdapter)


__all__ = [
    "NO_FUNCTION",
    "PROJECT",
    "Choice",
    "Setting",
    "Settings",
    "StandardAdapter",
    "hookimpl",
    "refusal",
]
