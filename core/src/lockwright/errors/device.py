"""Tokens, vendor modules and adapters that fail."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.base import UNKNOWN_COST, LockwrightError
from lockwright.i18n import N_

__all__ = [
    "AdapterBroken",
    "AdapterError",
    "KeyMissing",
    "KeyUnclear",
    "ModuleBroken",
    "ModuleCrashed",
    "ModuleError",
    "ModuleHung",
    "ModuleNotLoadable",
    "ModuleNotReady",
    "ModuleTooOld",
    "NotOffered",
    "NotSupported",
    "PluginBroken",
    "PluginForbidden",
    "PluginHung",
    "PluginRequired",
    "RuleNotPublic",
    "TokenBusy",
    "TokenError",
    "TokenFull",
    "TokenRefused",
    "TokenRemoved",
    "TokenWriteProtected",
]


class TokenError(LockwrightError):
    """The token did not do what it was asked."""

    code = "token"
    exit_code = 10


class TokenFull(TokenError):
    """The token's memory is full; ``could_go`` names the containers to remove, expired first."""

    code = "token-full"
    message = N_("The memory of the token {serial} is full.")
    advice = N_("Remove a container you no longer need with: lockwright delete")
    facts_named = ("serial", "could_go")


class TokenRemoved(TokenError):
    """The token is gone."""

    code = "token-removed"
    message = N_("The token {serial} was removed.")
    advice = N_("Insert it again and start over.")
    usual_cost = UNKNOWN_COST
    facts_named = ("serial",)


class TokenWriteProtected(TokenError):
    """Nothing on the token can be changed (``CKF_WRITE_PROTECTED``)."""

    code = "token-write-protected"
    message = N_("The token {serial} is write-protected: nothing on it can be changed.")
    advice = N_("It can be read, with: lockwright list. Ask whoever issued it to change it.")
    facts_named = ("serial",)


class TokenBusy(TokenError):
    """Another program holds the token."""

    code = "token-busy"
    message = N_("The token is in use by another program.")
    advice = N_("Close the other program and try again.")


class TokenRefused(TokenError):
    """The module answered with an error that has no class of its own."""

    code = "token-refused"
    message = N_("The token refused to {action}: {name}.")
    advice = N_("Try once more; if it fails again, give this message to the token's support.")
    facts_named = ("action", "name")


class KeyMissing(TokenError):
    """A key that should be on the token is not there."""

    code = "key-missing"
    message = N_("The key {id} is not on the token {serial}.")
    advice = N_("See what is there with: lockwright list --login")
    facts_named = ("id", "serial")


class KeyUnclear(TokenError):
    """Several private keys fit, and nothing on the token tells which of them is meant."""

    code = "key-unclear"
    message = N_(
        "Several private keys of the token {serial} have the id {id}; which of them is meant cannot"
        " be told."
    )
    advice = N_("See them with: lockwright list --login")
    facts_named = ("id", "serial")


class ModuleError(LockwrightError):
    """A vendor's PKCS#11 module failed."""

    code = "module"
    exit_code = 11


class ModuleNotLoadable(ModuleError):
    """The module cannot be loaded; ``reason`` says why."""

    code = "module-not-loadable"
    message = N_("The module {module} cannot be loaded: {reason}.")
    advice = N_("Check the path and that the module was built for this system.")
    facts_named = ("module", "reason")


class ModuleNotReady(ModuleError):
    """The module loads, but cannot be used now: it does not initialise, or lists no slots."""

    code = "module-not-ready"
    message = N_("The module {module} was loaded, but does not work ({reason}).")
    advice = N_(
        "See that the service that it needs runs, such as pcscd, that this account may use it, and"
        " that the module's own configuration can be read; then try again."
    )
    facts_named = ("module", "reason")


class ModuleTooOld(ModuleError):
    """The vendor's driver is older than the adapter works with."""

    code = "module-too-old"
    message = N_("The module {module} has the version {found}; {needed} or newer is needed.")
    advice = N_("Install a newer driver of the vendor's.")
    facts_named = ("module", "found", "needed")


class ModuleCrashed(ModuleError):
    """The module's process died; ``signal`` names how."""

    code = "module-crashed"
    message = N_("The module {module} crashed ({signal}) while asked to {action}.")
    advice = N_("Report it to the vendor of the module; the other modules keep working.")
    usual_cost = UNKNOWN_COST
    facts_named = ("module", "signal", "action")


class ModuleBroken(ModuleError):
    """The module, or what it made of its process, answers what no module answers."""

    code = "module-broken"
    message = N_("The module {module} is broken: {reason}.")
    advice = N_(
        "Do not use it: nothing that it answers can be relied on. Report it to its vendor;"
        " the other modules keep working."
    )
    usual_cost = UNKNOWN_COST
    facts_named = ("module", "reason")


class ModuleHung(ModuleError):
    """The module did not answer within its deadline and was ended."""

    code = "module-hung"
    message = N_("The module {module} did not answer within {seconds} s when asked to {action}.")
    advice = N_("Insert the token again; a longer time can be set under [deadlines].")
    usual_cost = UNKNOWN_COST
    facts_named = ("module", "seconds", "action")


class AdapterError(LockwrightError):
    """An adapter failed, or cannot do what was asked."""

    code = "adapter"
    exit_code = 12


class AdapterBroken(AdapterError):
    """An adapter does not load, or raised something that is not an error of lockwright."""

    code = "adapter-broken"
    message = N_("The adapter {name} is broken: {reason}.")
    advice = N_(
        "Update or remove it; lockwright doctor shows more. The other adapters keep working."
    )
    usual_cost = UNKNOWN_COST
    facts_named = ("name", "reason")


class PluginRequired(AdapterError):
    """A plugin that nothing may be done without, such as an approval step, is not loaded."""

    code = "plugin-required"
    message = N_("The configuration requires the plugin {name}, and it is not loaded: {reason}.")
    advice = N_("Nothing is done without it. Install it, or remove it from plugins.require.")
    facts_named = ("name", "reason")


class PluginForbidden(PluginRequired):
    """A plugin that nothing may be done without is installed, and the allow-list has not got it."""

    code = "plugin-forbidden"
    message = N_("The configuration requires the plugin {name}, and does not allow it: {reason}.")
    advice = N_(
        "Nothing is done without it. If it should be used, name it in plugins.allow, too; otherwise"
        " remove it from plugins.require."
    )


class PluginBroken(AdapterError):
    """A plugin that wraps operations returned, yielded or raised what none may."""

    code = "plugin-broken"
    message = N_("The plugin {name} is broken in {hook}: {reason}.")
    advice = N_("Update or remove it; where it comes from is shown by: lockwright plugins")
    usual_cost = UNKNOWN_COST
    facts_named = ("name", "hook", "reason")


class PluginHung(AdapterError):
    """A plugin that wraps operations did not end in time; it was left alone."""

    code = "plugin-hung"
    message = N_("The plugin {name} did not end within {seconds} s in {hook}.")
    advice = N_("See what it waits for; a longer time can be set under [deadlines].")
    usual_cost = UNKNOWN_COST
    facts_named = ("name", "seconds", "hook")


class NotSupported(AdapterError):
    """This token, this module version or this adapter cannot do it."""

    code = "not-supported"
    message = N_("The token cannot do this: {operation}.")
    advice = N_("See what it can do with: lockwright tokens --verbose")
    facts_named: ClassVar[tuple[str, ...]] = ("operation",)


class NotOffered(NotSupported):
    """The vendor, this model or this token does not offer it, and the adapter says why."""

    code = "not-offered"
    message = N_("The token cannot do this: {operation} ({reason}).")
    facts_named = ("operation", "reason")


class RuleNotPublic(NotSupported):
    """How the Response of a model is made is known to its vendor only, and is not invented."""

    code = "rule-not-public"
    message = N_("How a Response is made for the model {model} is not public.")
    advice = N_(
        "Make the Response with the vendor's own workstation; the client enters it as any other."
        " Or unblock the token with its SO PIN or PUK."
    )
    facts_named = ("model",)
