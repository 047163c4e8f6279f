"""Numbers of PKCS#11 2.40 that lockwright uses, named as in the OASIS header ``pkcs11t.h``."""

from __future__ import annotations

from enum import IntEnum, IntFlag

UNAVAILABLE_INFORMATION = -1
"""``CK_UNAVAILABLE_INFORMATION``, all ones in a ``CK_ULONG``."""


class CKU(IntEnum):
    """User types for login; vendors add their own, so the port takes any int."""

    SO = 0
    USER = 1
    CONTEXT_SPECIFIC = 2


class CKF(IntFlag):
    """Flags of ``CK_TOKEN_INFO``."""

    WRITE_PROTECTED = 0x2
    LOGIN_REQUIRED = 0x4
    USER_PIN_INITIALIZED = 0x8
    PROTECTED_AUTHENTICATION_PATH = 0x100
    TOKEN_INITIALIZED = 0x400
    USER_PIN_COUNT_LOW = 0x10000
    USER_PIN_FINAL_TRY = 0x20000
    USER_PIN_LOCKED = 0x40000
    USER_PIN_TO_BE_CHANGED = 0x80000
    SO_PIN_COUNT_LOW = 0x100000
    SO_PIN_FINAL_TRY = 0x200000
    SO_PIN_LOCKED = 0x400000
    SO_PIN_TO_BE_CHANGED = 0x800000


class CKO(IntEnum):
    """Object classes (``CKA_CLASS``)."""

    DATA = 0
    CERTIFICATE = 1
    PUBLIC_KEY = 2
    PRIVATE_KEY = 3
    SECRET_KEY = 4
    HW_FEATURE = 5
    DOMAIN_PARAMETERS = 6
    MECHANISM = 7


class CKA(IntEnum):
    """Attributes; vendors add their own from 0x80000000 on, so the port takes any int."""

    CLASS = 0x0
    TOKEN = 0x1
    PRIVATE = 0x2
    LABEL = 0x3
    APPLICATION = 0x10
    VALUE = 0x11
    CERTIFICATE_TYPE = 0x80
    ISSUER = 0x81
    SERIAL_NUMBER = 0x82
    URL = 0x89
    KEY_TYPE = 0x100
    SUBJECT = 0x101
    ID = 0x102
    SENSITIVE = 0x103
    ENCRYPT = 0x104
    DECRYPT = 0x105
    WRAP = 0x106
    UNWRAP = 0x107
    SIGN = 0x108
    VERIFY = 0x10A
    DERIVE = 0x10C
    MODULUS = 0x120
    MODULUS_BITS = 0x121
    PUBLIC_EXPONENT = 0x122
    PRIVATE_EXPONENT = 0x123
    PRIME_1 = 0x124
    PRIME_2 = 0x125
    EXPONENT_1 = 0x126
    EXPONENT_2 = 0x127
    COEFFICIENT = 0x128
    PRIME = 0x130
    VALUE_LEN = 0x161
    EXTRACTABLE = 0x162
    LOCAL = 0x163
    NEVER_EXTRACTABLE = 0x164
    ALWAYS_SENSITIVE = 0x165
    MODIFIABLE = 0x170
    EC_PARAMS = 0x180
    EC_POINT = 0x181
    GOSTR3410_PARAMS = 0x250
    GOSTR3411_PARAMS = 0x251
    GOST28147_PARAMS = 0x252
    HW_FEATURE_TYPE = 0x300
    PARAMETER_SET = 0x61D
    UNWRAP_TEMPLATE = 0x40000212
    """``CKF_ARRAY_ATTRIBUTE | 0x212``: its value is a template."""
    GOSTR3410_512PARAMS = 0xD4321004
    """Of TC 26, which took it back; some modules have it beside or in place of 0x250."""


class CKK(IntEnum):
    """Key types (``CKA_KEY_TYPE``)."""

    RSA = 0x0
    DSA = 0x1
    DH = 0x2
    EC = 0x3
    X9_42_DH = 0x4
    GENERIC_SECRET = 0x10
    DES = 0x13
    DES2 = 0x14
    DES3 = 0x15
    AES = 0x1F
    CAMELLIA = 0x25
    GOSTR3410 = 0x30
    GOST28147 = 0x32
    CHACHA20 = 0x33
    EC_EDWARDS = 0x40
    EC_MONTGOMERY = 0x41
    ML_KEM = 0x49
    ML_DSA = 0x4A
    SLH_DSA = 0x4B
    GOSTR3410_512 = 0xD4321003
    """Of TC 26: ``NSSCK_VENDOR_PKCS11_RU_TEAM | 3``, not in the OASIS header."""


class CKC(IntEnum):
    """Certificate types (``CKA_CERTIFICATE_TYPE``)."""

    X_509 = 0
    X_509_ATTR_CERT = 1
    WTLS = 2


class CKM(IntEnum):
    """Mechanisms."""

    RSA_PKCS_KEY_PAIR_GEN = 0x0
    RSA_PKCS = 0x1
    RSA_PKCS_OAEP = 0x9
    SHA256_RSA_PKCS = 0x40
    SHA_1 = 0x220
    SHA256_HMAC = 0x251
    GENERIC_SECRET_KEY_GEN = 0x350
    DES3_ECB = 0x132
    EC_KEY_PAIR_GEN = 0x1040
    ECDSA = 0x1041
    AES_KEY_GEN = 0x1080
    AES_ECB_ENCRYPT_DATA = 0x1104
    AES_KEY_WRAP = 0x2109
    AES_KEY_WRAP_PAD = 0x210A


class CKR(IntEnum):
    """Return values."""

    OK = 0x0
    CANCEL = 0x1
    HOST_MEMORY = 0x2
    SLOT_ID_INVALID = 0x3
    GENERAL_ERROR = 0x5
    FUNCTION_FAILED = 0x6
    ARGUMENTS_BAD = 0x7
    ATTRIBUTE_READ_ONLY = 0x10
    ATTRIBUTE_SENSITIVE = 0x11
    ATTRIBUTE_TYPE_INVALID = 0x12
    ATTRIBUTE_VALUE_INVALID = 0x13
    ACTION_PROHIBITED = 0x1B
    DEVICE_ERROR = 0x30
    DEVICE_MEMORY = 0x31
    DEVICE_REMOVED = 0x32
    FUNCTION_CANCELED = 0x50
    FUNCTION_NOT_SUPPORTED = 0x54
    KEY_HANDLE_INVALID = 0x60
    KEY_SIZE_RANGE = 0x62
    KEY_TYPE_INCONSISTENT = 0x63
    KEY_FUNCTION_NOT_PERMITTED = 0x68
    MECHANISM_INVALID = 0x70
    MECHANISM_PARAM_INVALID = 0x71
    OBJECT_HANDLE_INVALID = 0x82
    OPERATION_ACTIVE = 0x90
    OPERATION_NOT_INITIALIZED = 0x91
    PIN_INCORRECT = 0xA0
    PIN_INVALID = 0xA1
    PIN_LEN_RANGE = 0xA2
    PIN_EXPIRED = 0xA3
    PIN_LOCKED = 0xA4
    SESSION_CLOSED = 0xB0
    SESSION_COUNT = 0xB1
    SESSION_HANDLE_INVALID = 0xB3
    SESSION_READ_ONLY = 0xB5
    SESSION_EXISTS = 0xB6
    SESSION_READ_ONLY_EXISTS = 0xB7
    SESSION_READ_WRITE_SO_EXISTS = 0xB8
    TEMPLATE_INCOMPLETE = 0xD0
    TEMPLATE_INCONSISTENT = 0xD1
    TOKEN_NOT_PRESENT = 0xE0
    TOKEN_NOT_RECOGNIZED = 0xE1
    TOKEN_WRITE_PROTECTED = 0xE2
    USER_ALREADY_LOGGED_IN = 0x100
    USER_NOT_LOGGED_IN = 0x101
    USER_PIN_NOT_INITIALIZED = 0x102
    USER_TYPE_INVALID = 0x103
    USER_ANOTHER_ALREADY_LOGGED_IN = 0x104
    BUFFER_TOO_SMALL = 0x150
    CRYPTOKI_NOT_INITIALIZED = 0x190
    CRYPTOKI_ALREADY_INITIALIZED = 0x191
    PIN_TOO_WEAK = 0x1B8


def ckr_name(value: int) -> str:
    """Name of a return value, such as ``CKR_PIN_LOCKED``, or its number in hex."""
    try:
        return f"CKR_{CKR(value).name}"
    except ValueError:
        return f"0x{value:08X}"
