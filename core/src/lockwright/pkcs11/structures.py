"""The structures of PKCS#11 as C has them (``pkcs11t.h``, ``pkcs11f.h``)."""

from __future__ import annotations

import os
from ctypes import Structure, c_char, c_ubyte, c_ulong, c_void_p

PACKING = {"_pack_": 1} if os.name == "nt" else {}
"""PKCS#11 packs its structures to one byte on Windows and leaves them natural elsewhere."""

OS_LOCKING_OK = 0x2
"""``CKF_OS_LOCKING_OK``."""
CALLABLE = (
    "C_Initialize",
    "C_Finalize",
    "C_GetInfo",
    "C_GetFunctionList",
    "C_GetSlotList",
    "C_GetSlotInfo",
    "C_GetTokenInfo",
    "C_GetMechanismList",
    "C_GetMechanismInfo",
    "C_InitToken",
    "C_InitPIN",
    "C_SetPIN",
    "C_OpenSession",
    "C_CloseSession",
    "C_CloseAllSessions",
    "C_GetSessionInfo",
    "C_GetOperationState",
    "C_SetOperationState",
    "C_Login",
    "C_Logout",
    "C_CreateObject",
    "C_CopyObject",
    "C_DestroyObject",
    "C_GetObjectSize",
    "C_GetAttributeValue",
    "C_SetAttributeValue",
    "C_FindObjectsInit",
    "C_FindObjects",
    "C_FindObjectsFinal",
    "C_EncryptInit",
    "C_Encrypt",
    "C_EncryptUpdate",
    "C_EncryptFinal",
    "C_DecryptInit",
    "C_Decrypt",
    "C_DecryptUpdate",
    "C_DecryptFinal",
    "C_DigestInit",
    "C_Digest",
    "C_DigestUpdate",
    "C_DigestKey",
    "C_DigestFinal",
    "C_SignInit",
    "C_Sign",
    "C_SignUpdate",
    "C_SignFinal",
    "C_SignRecoverInit",
    "C_SignRecover",
    "C_VerifyInit",
    "C_Verify",
    "C_VerifyUpdate",
    "C_VerifyFinal",
    "C_VerifyRecoverInit",
    "C_VerifyRecover",
    "C_DigestEncryptUpdate",
    "C_DecryptDigestUpdate",
    "C_SignEncryptUpdate",
    "C_DecryptVerifyUpdate",
    "C_GenerateKey",
    "C_GenerateKeyPair",
    "C_WrapKey",
    "C_UnwrapKey",
    "C_DeriveKey",
)
"""The head of ``CK_FUNCTION_LIST``, in its order (``pkcs11f.h``)."""


class Version(Structure):
    """``CK_VERSION``."""

    _fields_ = (("major", c_ubyte), ("minor", c_ubyte))
    major: int
    minor: int


def structure(name: str, *fields: tuple[str, type[object]]) -> type[Structure]:
    """A ``CK_...`` structure, packed as PKCS#11 packs it on this system."""
    return type(name, (Structure,), {**PACKING, "_fields_": fields})


FunctionList = structure(
    "CK_FUNCTION_LIST", ("version", Version), ("functions", c_void_p * len(CALLABLE))
)
InitializeArgs = structure(
    "CK_C_INITIALIZE_ARGS", ("mutex", c_void_p * 4), ("flags", c_ulong), ("reserved", c_void_p)
)
Attribute = structure("CK_ATTRIBUTE", ("type", c_ulong), ("value", c_void_p), ("length", c_ulong))
Mechanism = structure(
    "CK_MECHANISM", ("kind", c_ulong), ("parameter", c_void_p), ("length", c_ulong)
)
PssParameters = structure(
    "CK_RSA_PKCS_PSS_PARAMS", ("hashed", c_ulong), ("masked", c_ulong), ("salt", c_ulong)
)
StringData = structure("CK_KEY_DERIVATION_STRING_DATA", ("data", c_void_p), ("length", c_ulong))
OaepParameters = structure(
    "CK_RSA_PKCS_OAEP_PARAMS",
    ("hash", c_ulong),
    ("mask", c_ulong),
    ("source", c_ulong),
    ("data", c_void_p),
    ("length", c_ulong),
)
Info = structure(
    "CK_INFO",
    ("cryptoki", Version),
    ("manufacturer", c_char * 32),
    ("flags", c_ulong),
    ("description", c_char * 32),
    ("version", Version),
)
SlotFields = structure(
    "CK_SLOT_INFO",
    ("description", c_char * 64),
    ("manufacturer", c_char * 32),
    ("flags", c_ulong),
    ("hardware", Version),
    ("firmware", Version),
)
TokenFields = structure(
    "CK_TOKEN_INFO",
    ("label", c_char * 32),
    ("manufacturer", c_char * 32),
    ("model", c_char * 16),
    ("serial", c_char * 16),
    ("flags", c_ulong),
    ("sessions", c_ulong * 4),
    ("max_pin", c_ulong),
    ("min_pin", c_ulong),
    ("total_memory", c_ulong),
    ("free_memory", c_ulong),
    ("private_memory", c_ulong * 2),
    ("hardware", Version),
    ("firmware", Version),
    ("utc_time", c_char * 16),
)
MechanismFields = structure(
    "CK_MECHANISM_INFO", ("least", c_ulong), ("most", c_ulong), ("flags", c_ulong)
)
SessionFields = structure(
    "CK_SESSION_INFO",
    ("slot", c_ulong),
    ("state", c_ulong),
    ("flags", c_ulong),
    ("error", c_ulong),
)
