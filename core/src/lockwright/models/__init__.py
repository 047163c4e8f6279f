"""Frozen, typed data that crosses the contract: every field has its docstring."""

from __future__ import annotations

from lockwright.models.ca import (
    CaAnswer,
    CaOrder,
    CaProfile,
    CaRequirements,
    Issued,
    Pending,
    Refused,
)
from lockwright.models.care import InitPlan, KeyProof, Outcome
from lockwright.models.enrolment import (
    CertificateRequest,
    KeyPair,
    KeyRequest,
    SignatureScheme,
    StoredCertificate,
)
from lockwright.models.objects import (
    Certificate,
    Container,
    ContainerState,
    Listing,
    ObjectKind,
    Remark,
    Sought,
    TokenObject,
    Told,
)
from lockwright.models.oddity import Oddity
from lockwright.models.plan import Failure, Plan, Report
from lockwright.models.progress import Doing, Progress, Watch
from lockwright.models.renewal import RenewalInfo
from lockwright.models.respond import Grounds, Inquiry, KeyForm, ResponseRule, SerialForm
from lockwright.models.steps import StepNotice, StepState
from lockwright.models.storage import StorageKind, StorageState
from lockwright.models.token import (
    Capabilities,
    Confidence,
    LabelBy,
    Match,
    Memory,
    ModuleInfo,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenKey,
    TokenState,
    UnblockWay,
)
from lockwright.models.unblock import Challenge
from lockwright.models.waits import Waits

__all__ = [
    "CaAnswer",
    "CaOrder",
    "CaProfile",
    "CaRequirements",
    "Capabilities",
    "Certificate",
    "CertificateRequest",
    "Challenge",
    "Confidence",
    "Container",
    "ContainerState",
    "Doing",
    "Failure",
    "Grounds",
    "InitPlan",
    "Inquiry",
    "Issued",
    "KeyForm",
    "KeyPair",
    "KeyProof",
    "KeyRequest",
    "LabelBy",
    "Listing",
    "Match",
    "Memory",
    "ModuleInfo",
    "ObjectKind",
    "Oddity",
    "Outcome",
    "Pending",
    "PinState",
    "PinStatus",
    "Plan",
    "Progress",
    "Refused",
    "Remark",
    "RenewalInfo",
    "Report",
    "ResponseRule",
    "SerialForm",
    "SignatureScheme",
    "Sought",
    "StepNotice",
    "StepState",
    "StorageKind",
    "StorageState",
    "StoredCertificate",
    "Token",
    "TokenIdentity",
    "TokenKey",
    "TokenObject",
    "TokenState",
    "Told",
    "UnblockWay",
    "Waits",
    "Watch",
]
