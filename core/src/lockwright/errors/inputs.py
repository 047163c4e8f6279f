"""What lockwright was given to work with: settings, files, an interrupt."""

from __future__ import annotations

from lockwright.errors.base import UNKNOWN_COST, LockwrightError
from lockwright.i18n import N_

__all__ = [
    "AnswerLost",
    "BrokenConfiguration",
    "ConfigurationError",
    "DeletionStopped",
    "FileError",
    "FileNotRead",
    "FileNotWritten",
    "GroundsMissing",
    "ImportForbidden",
    "Interrupted",
    "KeyFileAmbiguous",
    "KeyFileUnreadable",
    "PluginsNotAllowed",
    "RequestGivenUp",
    "SecretFileExposed",
    "SecretFileMissing",
    "SecretMissing",
    "Stopped",
]


class ConfigurationError(LockwrightError):
    """What lockwright was told to work with is missing or wrong."""

    code = "configuration"
    exit_code = 3


class BrokenConfiguration(ConfigurationError):
    """The configuration file cannot be read, or says something that has no meaning."""

    code = "configuration-broken"
    message = N_("The configuration file {file} cannot be used: {reason}.")
    advice = N_("Correct the file; every setting is shown by: lockwright help configuration")
    facts_named = ("file", "reason")


class PluginsNotAllowed(ConfigurationError):
    """Plugins are installed that the configuration does not allow: of adapters no token is seen.

    Facts: ``plugins``, their names; ``named``, what ``plugins.allow`` has instead.
    """

    code = "plugins-not-allowed"
    message = N_(
        "The configuration does not allow plugins that are installed: {plugins}. Its"
        " plugins.allow names: {named}."
    )
    advice = N_(
        "If the token is for one of them, name that in plugins.allow; lockwright plugins shows"
        " every plugin."
    )
    facts_named = ("plugins", "named")


class SecretFileMissing(ConfigurationError):
    """A file that should hold a PIN or a key cannot be read."""

    code = "secret-file-missing"
    message = N_("The file {file} cannot be read: {reason}.")
    advice = N_("Check the path, or leave the option out to be asked.")
    facts_named = ("file", "reason")


class SecretFileExposed(ConfigurationError):
    """A file that holds a PIN or a key can be read by others."""

    code = "secret-file-exposed"
    message = N_("The file {file} holds a secret but can be read by others (mode {mode}).")
    advice = N_("Remove the rights of others with: chmod 600 {file}")
    facts_named = ("file", "mode")


class SecretMissing(ConfigurationError):
    """A PIN is needed, none was given, and there is no terminal to ask on."""

    code = "secret-missing"
    message = N_("A PIN is needed ({what}), and there is no terminal to ask for it.")
    advice = N_("Give it with {option}, or run the command in a terminal.")
    facts_named = ("what", "option")


class ImportForbidden(ConfigurationError):
    """The bank does not let private keys be imported."""

    code = "import-forbidden"
    message = N_("The configuration does not let a private key be imported into a token.")
    advice = N_(
        "Have a key made on the token instead, with: lockwright enroll. Where the bank takes over"
        " keys that were made elsewhere, it says so in [import] allow."
    )


class GroundsMissing(ConfigurationError):
    """Why a Request is to be answered is not said."""

    code = "grounds-missing"
    message = N_("It is not stated who answers the Request and why.")
    advice = N_("Give a reason or the number of a ticket: --reason, --ticket")


class FileError(LockwrightError):
    """A file could not be read or written."""

    code = "file"
    exit_code = 14


class FileNotRead(FileError):
    """A file that was named cannot be read."""

    code = "file-not-read"
    message = N_("The file {file} cannot be read: {reason}.")
    advice = N_("Check the path, and that this account may read it.")
    facts_named = ("file", "reason")


class KeyFileUnreadable(FileError):
    """A PKCS#12 file does not open, or has no key with a certificate."""

    code = "key-file-unreadable"
    message = N_(
        "The file {file} does not open: its password is wrong, or it is no PKCS#12 file with an RSA"
        " or EC key and its certificate."
    )
    advice = N_("Check the password, and the file with: openssl pkcs12 -info -in FILE")
    facts_named = ("file",)


class KeyFileAmbiguous(FileError):
    """A PKCS#12 file has several keys: whoever takes one and destroys the file loses the others."""

    code = "key-file-ambiguous"
    message = N_("The file {file} holds {keys} private keys; one can be taken over.")
    advice = N_("Export the one that is meant into a file of its own, with what made this file.")
    facts_named = ("file", "keys")


class FileNotWritten(FileError):
    """A result could not be written to the file asked for."""

    code = "file-not-written"
    message = N_("The file {file} cannot be written: {reason}.")
    advice = N_("Choose another path; an existing file is never overwritten.")
    facts_named = ("file", "reason")


class AnswerLost(FileError):
    """What came of a command could not be written to where its output goes."""

    code = "answer-lost"
    message = N_("What came of it cannot be shown: {reason}.")
    advice = N_("See what was done before you ask for it again.")
    usual_cost = N_("What was asked for is done.")
    facts_named = ("reason",)


class Interrupted(LockwrightError):
    """The user ended the operation."""

    code = "interrupted"
    exit_code = 130
    message = N_("Interrupted.")
    usual_cost = UNKNOWN_COST
    advice = N_("See how the token is now with: lockwright tokens")


class Stopped(Interrupted):
    """The program stopped the operation, in another thread; neither module nor token failed."""

    code = "stopped"
    message = N_("Stopped, as you wished.")


class DeletionStopped(Interrupted):
    """The user stopped a deletion; what was done to the object in hand was done whole."""

    code = "deletion-stopped"
    message = N_("Stopped, as you wished. Gone: {gone}. Left: {left}.")
    advice = N_("What is gone cannot be brought back; see what is left with: lockwright list")
    usual_cost = ""
    facts_named = ("gone", "left")


class RequestGivenUp(Interrupted):
    """The user ended the wait for a Response."""

    code = "request-given-up"
    usual_cost = N_("No try was spent, but the Request is void: the next one will be new.")
    advice = N_("When the bank can be reached, begin again with: lockwright unblock")
