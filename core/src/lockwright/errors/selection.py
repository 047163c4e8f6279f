"""Which token, or which content, is meant."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.base import LockwrightError
from lockwright.i18n import N_

__all__ = [
    "AmbiguousSelection",
    "BrokenUri",
    "CertificateUnnamed",
    "LabelRefused",
    "NoBlankToken",
    "NoCertificate",
    "NoToken",
    "NothingSelected",
    "ObjectLabelRefused",
    "ObjectsAlike",
    "SelectionError",
    "SeveralCertificates",
    "SeveralTokens",
    "TokenBlank",
    "TokenContested",
    "TokenOverlooked",
    "TokenUnclaimed",
    "TokenUnclear",
    "UnknownToken",
    "UnknownVendor",
]


class SelectionError(LockwrightError):
    """It is not clear which token, or which content, is meant."""

    code = "selection"
    exit_code = 4


class NoToken(SelectionError):
    """No token is connected."""

    code = "no-token"
    message = N_("No token was found.")
    advice = N_("Insert the token; if it is inserted, run: lockwright doctor")


class TokenBlank(NoToken):
    """The only tokens that fit were never initialised; ``places`` says where they are."""

    code = "token-blank"
    message = N_("Only a blank token was found, one that was never initialised:")
    advice = N_(
        "Insert the token that you mean; or initialise this one, which gives it a label and PINs:"
        " lockwright token init --blank"
    )
    facts_named = ("places",)


class NoBlankToken(SelectionError):
    """A blank token was asked for, and none fits."""

    code = "no-blank-token"
    message = N_("No blank token was found; seen: {seen}.")
    advice = N_("To initialise one of these again, and lose what is on it: name it with --token.")
    facts_named = ("seen",)


class UnknownToken(SelectionError):
    """No connected token fits the name given."""

    code = "unknown-token"
    message = N_("No connected token matches {selector}; seen: {seen}.")
    advice = N_("Check the serial number with: lockwright tokens")
    facts_named = ("selector", "seen")


class TokenOverlooked(SelectionError):
    """No token that was seen fits the name given, but not every module could be looked at."""

    code = "token-overlooked"
    message = N_("No connected token matches {selector}; seen: {seen}. Not looked at: {missed}.")
    advice = N_("See what is wrong there with: lockwright doctor")
    facts_named = ("selector", "seen", "missed")


class BrokenUri(SelectionError):
    """A PKCS#11 URI cannot be read, or carries a PIN; ``uri`` is what stands before its query."""

    code = "uri-broken"
    message = N_("{uri} cannot be used to name a token: {reason}.")
    advice = N_("Write it as in: pkcs11:serial=0123456789ABCDEF")
    facts_named = ("uri", "reason")


class LabelRefused(SelectionError):
    """A token cannot have such a label."""

    code = "label-refused"
    message = N_("A token cannot have the label {label}: {reason}.")
    advice = N_("Choose another one, of 32 Latin letters at most.")
    facts_named = ("label", "reason")


class ObjectLabelRefused(LabelRefused):
    """A key and its certificate are not given such a label."""

    code = "object-label-refused"
    message = N_("A key and its certificate cannot have the label {label}: {reason}.")
    advice = N_("Choose another one: letters, digits, signs and blanks of any language.")


class SeveralTokens(SelectionError):
    """Several tokens fit; lockwright never picks one of them.

    Each of ``names`` picks one with ``--token``: its serial number where no other has the same,
    otherwise its URI.
    """

    code = "several-tokens"
    message = N_("Several tokens match: {serials}. Each has a URI of its own:")
    advice = N_(
        "Name one with --token: its URI, in quotes, or its serial number if no other has the same."
    )
    facts_named = ("serials", "uris", "names")


class TokenUnclear(SelectionError):
    """A module shows the token that is not known to be its vendor's, and that nobody named.

    ``serial`` is its serial number, ``modules`` are all that show it, and each of ``uris`` names it
    through one of them.
    """

    code = "token-unclear"
    message = N_(
        "It is not clear which module has the token {serial}: not every one that shows it is known"
        " to be its vendor's ({modules}), and it may only be using the token's name:"
    )
    advice = N_(
        "If you know which module is the vendor's, name it with --module PATH, or give --token one"
        " of these URIs in quotes; otherwise ask who installed the other one."
    )
    facts_named = ("serial", "modules", "uris")


class TokenUnclaimed(SelectionError):
    """No adapter claims the token."""

    code = "token-unclaimed"
    message = N_("No adapter claims the token {serial} (model {model}, {manufacturer}).")
    advice = N_("Install the adapter for this model; lockwright plugins shows the installed ones.")
    facts_named: ClassVar[tuple[str, ...]] = ("serial", "model", "manufacturer")


class TokenContested(TokenUnclaimed):
    """Several adapters are equally sure of the token, so none gets it."""

    code = "token-contested"
    message = N_("Several adapters claim the token {serial}, and none is surer: {adapters}.")
    advice = N_(
        "Allow only one of them, by plugins.allow in the configuration; lockwright plugins shows"
        " where each comes from."
    )
    facts_named = ("serial", "adapters")


class UnknownVendor(SelectionError):
    """No adapter has that name."""

    code = "unknown-vendor"
    message = N_("There is no adapter {vendor}; there are: {known}.")
    advice = N_("Check the name with: lockwright plugins")
    facts_named = ("vendor", "known")


class NothingSelected(SelectionError):
    """Nothing on the token fits what was asked for."""

    code = "nothing-selected"
    message = N_("Nothing on the token {serial} matches {selector}.")
    advice = N_("See what is there with: lockwright list --login")
    facts_named = ("serial", "selector")


class AmbiguousSelection(SelectionError):
    """A name fits several things on the token; lockwright never picks one of them."""

    code = "ambiguous-selection"
    message = N_("{selector} matches several things on the token {serial}: {fits}.")
    advice = N_("Name one as it stands there, or see more of them with: lockwright list --login")
    facts_named = ("serial", "selector", "fits")


class SeveralCertificates(AmbiguousSelection):
    """No container was named, and several have a certificate; ``fits`` picks one each."""

    code = "several-certificates"
    message = N_("Several containers on the token {serial} have a certificate: {names}.")
    advice = N_("Name one of them, as in: lockwright renew --ca NAME CONTAINER")
    facts_named = ("serial", "fits", "names")


class NoCertificate(SelectionError):
    """None of the certificates that are meant is on the token, as far as it can be seen."""

    code = "no-certificate"
    message = N_("The certificate that is wanted is not seen on the token {serial}.")
    advice = N_("If there is one that only its user may see: --login")
    facts_named = ("serial",)


class CertificateUnnamed(SelectionError):
    """No certificate was named, and there are several; each of ``fits`` names one."""

    code = "certificate-unnamed"
    message = N_("Several certificates are on the token {serial}: {fits}.")
    advice = N_("Name one of them, or take all of them with --all.")
    facts_named = ("serial", "fits")


class ObjectsAlike(SelectionError):
    """Some of several objects are meant that nothing tells apart; ``alike`` names all of them."""

    code = "objects-alike"
    message = N_(
        "On the token {serial} nothing tells these objects apart, so only all of them can be"
        " deleted, or none: {alike}."
    )
    advice = N_("Name all of them; see them with: lockwright list --login")
    facts_named = ("serial", "alike")
