"""Every error lockwright raises, as one tree.

Each has a stable ``code`` for programs, an ``exit_code`` per class for shells, and three sentences
for people: what happened (``message``), what it cost (``cost``) and what to do next (``advice``).
An error carries facts, never a finished sentence, so that it can be told in any language; the
host's wire carries it as code and facts.

::

    LockwrightError                 1
      ConfigurationError            3   BrokenConfiguration, SecretFileMissing, SecretFileExposed,
                                        SecretMissing, PinsDiffer, GroundsMissing
      SelectionError                4   NoToken, UnknownToken, SeveralTokens, TokenUnclaimed,
                                        NothingSelected, AmbiguousSelection, BrokenUri,
                                        UnknownVendor
      PinError                      5   PinIncorrect, ResponseWrong, PinLocked, LastTry, PinExpired,
                                    PinNotSet
      PolicyError                   6   PinRefused, PinRefusedByToken
      PlanError                     7   PlanStale
      PartialError                  8   PartlyDeleted
      CertificateError              9   CertificateUnreadable, CertificateForAnotherKey,
                                        CertificateUntrusted, CertificateExpired, NoTrust,
                                        CertificateAlreadyStored, BrokenRequest
      TokenError                   10   TokenFull, TokenRemoved, TokenRefused, TokenBusy, KeyMissing
      ModuleError                  11   ModuleNotLoadable, ModuleTooOld, ModuleCrashed, ModuleHung
      AdapterError                 12   AdapterBroken, NotSupported, RuleNotPublic
      AuditError                   13   AuditBroken, AuditUnwritable, LedgerUnusable
      FileError                    14   FileNotWritten
      RemoteError                  15   RequestMalformed, ResponseMalformed, CheckDiffers,
                                        RequestVoid, RequestPending, RequestAnswered, KeyUnusable,
                                        DefaultKey, TooManyAnswers
      CaError                      16   CaUnreachable, CaNotSecure, CaServerUntrusted,
                                        CaNameMismatch, CaSilent, CaBroke, CaAnswerBroken,
                                        CaLoginRefused, CaRefused, CaFailed, CaConflict, CaUnknown,
                                        CaNotConfirmed
      EnrolmentError               17   EnrolmentWaits, EnrolmentOpen, EnrolmentBusy, NoEnrolment,
                                        EnrolmentTooLate, NotWritten, NotProved, JournalBroken
      Interrupted                 130
"""

from __future__ import annotations

from lockwright.errors.base import (
    NOTHING,
    TRY_SPENT,
    UNKNOWN_COST,
    Fact,
    LockwrightError,
    every_error,
)
from lockwright.errors.ca import (
    KEY_WAITS,
    CaAnswerBroken,
    CaBroke,
    CaConflict,
    CaError,
    CaFailed,
    CaLoginRefused,
    CaNameMismatch,
    CaNotConfirmed,
    CaNotSecure,
    CaRefused,
    CaServerUntrusted,
    CaSilent,
    CaUnknown,
    CaUnreachable,
)
from lockwright.errors.content import (
    BrokenRequest,
    CertificateAlreadyStored,
    CertificateError,
    CertificateExpired,
    CertificateForAnotherKey,
    CertificateUnreadable,
    CertificateUntrusted,
    NoTrust,
    PartialError,
    PartlyDeleted,
    PlanError,
    PlanStale,
)
from lockwright.errors.device import (
    AdapterBroken,
    AdapterError,
    KeyMissing,
    ModuleCrashed,
    ModuleError,
    ModuleHung,
    ModuleNotLoadable,
    ModuleTooOld,
    NotSupported,
    RuleNotPublic,
    TokenBusy,
    TokenError,
    TokenFull,
    TokenRefused,
    TokenRemoved,
)
from lockwright.errors.enrolment import (
    EnrolmentBusy,
    EnrolmentError,
    EnrolmentOpen,
    EnrolmentTooLate,
    EnrolmentWaits,
    JournalBroken,
    NoEnrolment,
    NotProved,
    NotWritten,
)
from lockwright.errors.given import (
    BrokenConfiguration,
    ConfigurationError,
    FileError,
    FileNotWritten,
    GroundsMissing,
    Interrupted,
    PinsDiffer,
    SecretFileExposed,
    SecretFileMissing,
    SecretMissing,
)
from lockwright.errors.pins import (
    LastTry,
    PinError,
    PinExpired,
    PinIncorrect,
    PinLocked,
    PinNotSet,
    PinRefused,
    PinRefusedByToken,
    PolicyError,
)
from lockwright.errors.remote import (
    CheckDiffers,
    DefaultKey,
    KeyUnusable,
    RemoteError,
    RequestAnswered,
    RequestMalformed,
    RequestPending,
    RequestVoid,
    ResponseMalformed,
    ResponseWrong,
    TooManyAnswers,
)
from lockwright.errors.selection import (
    AmbiguousSelection,
    BrokenUri,
    NothingSelected,
    NoToken,
    SelectionError,
    SeveralTokens,
    TokenUnclaimed,
    UnknownToken,
    UnknownVendor,
)
from lockwright.errors.trail import (
    AuditBroken,
    AuditError,
    AuditUnwritable,
    LedgerUnusable,
)

__all__ = [
    "KEY_WAITS",
    "NOTHING",
    "TRY_SPENT",
    "UNKNOWN_COST",
    "AdapterBroken",
    "AdapterError",
    "AmbiguousSelection",
    "AuditBroken",
    "AuditError",
    "AuditUnwritable",
    "BrokenConfiguration",
    "BrokenRequest",
    "BrokenUri",
    "CaAnswerBroken",
    "CaBroke",
    "CaConflict",
    "CaError",
    "CaFailed",
    "CaLoginRefused",
    "CaNameMismatch",
    "CaNotConfirmed",
    "CaNotSecure",
    "CaRefused",
    "CaServerUntrusted",
    "CaSilent",
    "CaUnknown",
    "CaUnreachable",
    "CertificateAlreadyStored",
    "CertificateError",
    "CertificateExpired",
    "CertificateForAnotherKey",
    "CertificateUnreadable",
    "CertificateUntrusted",
    "CheckDiffers",
    "ConfigurationError",
    "DefaultKey",
    "EnrolmentBusy",
    "EnrolmentError",
    "EnrolmentOpen",
    "EnrolmentTooLate",
    "EnrolmentWaits",
    "Fact",
    "FileError",
    "FileNotWritten",
    "GroundsMissing",
    "Interrupted",
    "JournalBroken",
    "KeyMissing",
    "KeyUnusable",
    "LastTry",
    "LedgerUnusable",
    "LockwrightError",
    "ModuleCrashed",
    "ModuleError",
    "ModuleHung",
    "ModuleNotLoadable",
    "ModuleTooOld",
    "NoEnrolment",
    "NoToken",
    "NoTrust",
    "NotProved",
    "NotSupported",
    "NotWritten",
    "NothingSelected",
    "PartialError",
    "PartlyDeleted",
    "PinError",
    "PinExpired",
    "PinIncorrect",
    "PinLocked",
    "PinNotSet",
    "PinRefused",
    "PinRefusedByToken",
    "PinsDiffer",
    "PlanError",
    "PlanStale",
    "PolicyError",
    "RemoteError",
    "RequestAnswered",
    "RequestMalformed",
    "RequestPending",
    "RequestVoid",
    "ResponseMalformed",
    "ResponseWrong",
    "RuleNotPublic",
    "SecretFileExposed",
    "SecretFileMissing",
    "SecretMissing",
    "SelectionError",
    "SeveralTokens",
    "TokenBusy",
    "TokenError",
    "TokenFull",
    "TokenRefused",
    "TokenRemoved",
    "TokenUnclaimed",
    "TooManyAnswers",
    "UnknownToken",
    "UnknownVendor",
    "every_error",
]
