"""The base of every error: a code, facts, and three sentences for people.

What stands on it, with the exit codes:

::

    LockwrightError                 1
      ConfigurationError            3   BrokenConfiguration, PluginsNotAllowed,
                                        SecretFileMissing, SecretFileExposed,
                                        SecretMissing, ImportForbidden, GroundsMissing
      SelectionError                4   NoToken, TokenBlank, NoBlankToken, UnknownToken,
                                        TokenOverlooked, LabelRefused,
                                        ObjectLabelRefused,
                                        SeveralTokens, TokenUnclaimed, TokenContested,
                                        TokenUnclear, NothingSelected,
                                        AmbiguousSelection, SeveralCertificates,
                                        CertificateUnnamed, NoCertificate,
                                        ObjectsAlike, BrokenUri, UnknownVendor
      PinError                      5   PinIncorrect, ResponseWrong, ResponseNotTaken, PinLocked,
                                        LastTry, TriesUnguarded, PinExpired, PinNotSet,
                                        PinNotEntered
      PolicyError                   6   PinRefused, PasswordRefused, PinRefusedByToken,
                                        PolicyImpossible
      PlanError                     7   PlanStale, PolicyStale
      PartialError                  8   PartlyDeleted, PolicyNotKept
      CertificateError              9   CertificateUnreadable, CertificateForAnotherKey,
                                        CertificateUntrusted, CertificateExpired, NoTrust,
                                        CertificateAlreadyStored, CertificateUnfit,
                                        CertificateUnsupported, BrokenRequest,
                                        KeyAlreadyThere
      TokenError                   10   TokenFull, TokenRemoved, TokenRefused, TokenBusy,
                                        KeyMissing, KeyUnclear, TokenWriteProtected
      ModuleError                  11   ModuleNotLoadable, ModuleNotReady, ModuleTooOld,
                                        ModuleCrashed, ModuleHung,
                                        ModuleBroken
      AdapterError                 12   AdapterBroken, PluginRequired, PluginForbidden,
                                        PluginBroken, PluginHung, NotSupported, NotOffered,
                                        RuleNotPublic
      AuditError                   13   AuditBroken, AuditUnreadable, AuditUnwritable, AuditBusy,
                                        AnchorUnusable, LedgerUnusable
      FileError                    14   FileNotRead, FileNotWritten, AnswerLost,
                                        KeyFileAmbiguous
                                        KeyFileUnreadable
      RemoteError                  15   RequestMalformed, ResponseMalformed, CheckDiffers,
                                        RequestVoid, RequestOver, RequestPending, TokenWaits,
                                        RequestAnswered,
                                        KeyUnusable, DefaultKey, TooManyAnswers,
                                        SerialMalformed, LineError, DeskAway, DeskUntrusted,
                                        DeskRefused, DeskEnded, DeskAddressUnfit,
                                        HelpDeskError, HelpDeskAway, HelpDeskUntrusted,
                                        HelpDeskUnset, HelpDeskRefused, CaseWaits, CaseDenied,
                                        CaseOver
      CaError                      16   CaUnreachable, CaProxy, CaNotSecure,
                                        CaServerUntrusted, CaNameMismatch, CaAddressUnclear,
                                        CaGatewayFailed, CaSilent, CaBroke, CaAnswerBroken,
                                        CaLoginRefused, CaLoginScheme, CaWantsBinding, CaRefused,
                                        CaRenewalRefused, CaTooMany, CaFailed, CaForgot,
                                        CaConflict, LoginUnfit, CaUnknown, CaNotConfirmed
      EnrolmentError               17   EnrolmentWaits, EnrolmentOpen, EnrolmentBusy, NoEnrolment,
                                        EnrolmentUnclear, EnrolmentTooLate, EnrolmentUndone,
                                        RenewalUnclear, NotWritten,
                                        NotProved, JournalBroken, KeyLocked, KeyLost,
                                        StorageUnavailable, StoreFailed
      Interrupted                 130   Stopped, DeletionStopped, RequestGivenUp
"""

from __future__ import annotations

from typing import ClassVar

from lockwright.i18n import N_

__all__ = [
    "INITIALISED",
    "NOTHING",
    "TRY_SPENT",
    "UNCHANGED",
    "UNKNOWN_COST",
    "Fact",
    "LockwrightError",
    "every_error",
]

Fact = str | int | tuple[str, ...] | None

_OF_A_FACT = (str, int, tuple, type(None))

NOTHING = N_("No try was spent and nothing on the token was changed.")
TRY_SPENT = N_("One try was spent.")
UNCHANGED = N_("Nothing on the token was changed; whether a try was spent is not known.")
INITIALISED = N_(
    "The token is initialised and has no user PIN yet. Set one with: lockwright unblock; or"
    " initialise the token once more."
)
UNKNOWN_COST = N_("Whether something on the token was changed is not known.")


class LockwrightError(Exception):
    """Base of every error of lockwright.

    Args:
        ckr: PKCS#11 return value behind it, if there was one.
        adapter: name of the adapter it came from, if it came from one.
        cost: what it cost, one of this module's sentences; the class says the usual cost.
        facts: the values that the class's message names, exactly these.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    message: ClassVar[str] = N_("Something went wrong.")
    advice: ClassVar[str] = ""
    usual_cost: ClassVar[str] = NOTHING
    facts_named: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        ckr: int | None = None,
        adapter: str | None = None,
        cost: str | None = None,
        **facts: Fact,
    ) -> None:
        if set(facts) != set(self.facts_named):
            raise TypeError(f"{type(self).__name__} takes the facts {self.facts_named}")
        self.ckr = ckr
        self.adapter = adapter
        self.cost = self.usual_cost if cost is None else cost
        self.facts = facts
        super().__init__(self._told(self.message))

    def __str__(self) -> str:
        parts = super().__str__(), self.cost, self._told(self.advice)
        return " ".join(part for part in parts if part)

    def _told(self, text: str) -> str:
        return text.format(**{name: _plain(fact) for name, fact in self.facts.items()})


def is_whole(error: LockwrightError) -> bool:
    """Whether an error that foreign code made has what is told of one, each of its type."""
    try:
        told: list[tuple[object, type]] = [(error.ckr, int), (error.adapter, str)]
        fit = all(isinstance(each, kind | None) for each, kind in told)
        facts = all(isinstance(each, _OF_A_FACT) for each in vars(error)["facts"].values())
        return fit and facts and set(error.facts) == set(error.facts_named) and bool(str(error))
    except Exception:  # noqa: BLE001  # foreign code: anything may come
        return False


def _plain(value: Fact) -> Fact:
    return ", ".join(value) if isinstance(value, tuple) else value


def every_error(base: type[LockwrightError] = LockwrightError) -> dict[str, type[LockwrightError]]:
    """Every class of the tree by its code, the base included."""
    found = {base.code: base}
    for child in base.__subclasses__():
        found |= every_error(child)
    return found
