"""Why a token does not take a new PIN, in the vendor's own return values, and other refusals."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lockwright.i18n import N_
from lockwright.pkcs11.constants import CKR

from lockwright_jacarta.functions import JcRv

NOT_IN_MODULE = N_("not in this module")
REQUESTS = ("unblock_challenge", "unblock_complete", "unblock_cancel")
"""The hooks of an unblock by Request and Response."""
NONE_LEFT = N_("unblock its PIN once more: no unblocks are left")
REFUSALS: Mapping[int, str] = MappingProxyType(
    {
        CKR.PIN_LEN_RANGE: N_("it is too short or too long for the token"),
        CKR.PIN_INVALID: N_("it breaks the token's own rules"),
        JcRv.PINPOLICY_HISTORY: N_("it was used before"),
        JcRv.PINPOLICY_AGE: N_("the present one was set too short a time ago"),
        JcRv.PINPOLICY_REPEAT: N_("too many equal characters follow each other"),
        JcRv.PINPOLICY_CASE: N_("its upper- and lower-case letters are not as the token asks"),
        JcRv.PINPOLICY_DIGIT: N_("its digits are not as the token asks"),
        JcRv.PINPOLICY_SPECCHAR: N_("its special characters are not as the token asks"),
        JcRv.PINPOLICY_VIOLATION: N_("it has too few kinds of characters"),
    }
)
"""``CKR_PINPOLICY_...`` of jcPKCS11t.h, which gives each these words for PRO."""
