"""What goes wrong with administrator keys, and with the one who keeps them."""

from __future__ import annotations

from lockwright.i18n import N_

from lockwright_desk.errors import DeskError, KeeperAway

_NOTHING_GIVEN = KeeperAway.usual_cost


class KeeperForbids(DeskError):
    """The keeper answers other accounts only."""

    code = "keeper-forbids"
    usual_cost = _NOTHING_GIVEN
    message = N_("The keeper of the administrator keys does not answer user {uid}, group {gid}.")
    advice = N_("Name the account of the desk in users of [keeper], and start the keeper again.")
    facts_named = ("gid", "uid")


class KeeperLimit(DeskError):
    """The keeper has given as many Responses as it may."""

    code = "keeper-limit"
    usual_cost = _NOTHING_GIVEN
    message = N_("The keeper has answered {number} Requests within {hours} h; that is its limit.")
    advice = N_(
        "Find out who asks so often before anybody raises it: the table [keeper.limits] has it."
    )
    facts_named = ("hours", "number")


class KeyRecordAltered(DeskError):
    """What says whose key it is was changed since the HSM sealed it."""

    code = "key-record-altered"
    usual_cost = _NOTHING_GIVEN
    message = N_("The record of the key of token {serial} was changed after it was sealed.")
    advice = N_(
        "Somebody has written to the database. Compare it with the backup; if the change was the"
        " bank's, give the token its key again with: lockwright-desk keys"
    )
    facts_named = ("serial",)


class PasswordNotKept(DeskError):
    """A model whose Response is made of the administrator's password, in another custody."""

    code = "password-not-kept"
    message = N_(
        "For {model} the administrator's password is needed in clear, by the vendor's own"
        " function; only the custody opened has passwords."
    )
    advice = N_(
        "Make a key for them with lockwright-desk keys make --custody opened, and take them in"
        " with --key-format password."
    )
    facts_named = ("model",)


class HsmError(DeskError):
    """The HSM, or a key in it, cannot be used."""

    code = "hsm"


class HsmUnusable(HsmError):
    """The HSM is not there, or does not answer."""

    code = "hsm-unusable"
    message = N_("The HSM cannot be used: {reason}.")
    advice = N_("Check the table [keeper], and that the HSM is reached from this computer.")
    facts_named = ("reason",)


class HsmHangs(HsmError):
    """The HSM does not come back from any call."""

    code = "hsm-hangs"
    message = N_("The HSM has answered nothing for {seconds} s.")
    advice = N_("Start the keeper anew, and look at the HSM and the line to it.")
    facts_named = ("seconds",)


class HsmLacks(HsmError):
    """The HSM has not all that a custody needs."""

    code = "hsm-lacks"
    message = N_("The HSM does not offer {mechanisms}, which {what} needs.")
    advice = N_("Choose another custody, or an HSM that has it.")
    facts_named = ("mechanisms", "what")


class HsmKeyUnfit(HsmError):
    """A key of the HSM could be put to another use, or taken out."""

    code = "hsm-key-unfit"
    message = N_("The key {label} of the HSM is not to be used: {attribute} is {found}.")
    advice = N_(
        "It may have been used otherwise. Make a new version with lockwright-desk keys make, and"
        " remove this one from the HSM once no token hangs on it."
    )
    facts_named = ("attribute", "found", "label")


class HsmKeyMissing(HsmError):
    """The HSM has no such key, or has several."""

    code = "hsm-key-missing"
    message = N_("Keys of the HSM with the label {label}: {number}; there must be one.")
    advice = N_("Make it with lockwright-desk keys make, or remove what has the label of another.")
    facts_named = ("label", "number")


class IntakeEnded(DeskError):
    """The process that took keys in has ended early."""

    code = "key-intake-ended"
    message = N_("The keys were not taken in: {reason}.")
    advice = N_("Repeat the command; nothing of the list was stored.")
    facts_named = ("reason",)
