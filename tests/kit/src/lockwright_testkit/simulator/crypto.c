/* Cryptography by the SoftHSM beneath: a session of our own for each piece of work. */

#include "crypto.h"

#include "sim.h"

static CK_RV open_own(struct slot *slot, CK_SESSION_HANDLE *session)
{
    return slot->real->C_OpenSession(slot->real_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL,
                                     NULL, session);
}

CK_RV des3_encrypt(struct slot *slot, const CK_BYTE key[24], const CK_BYTE *data, size_t length,
                   CK_BYTE *result)
{
    CK_FUNCTION_LIST *real = slot->real;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_DES3;
    CK_ATTRIBUTE wanted[] = {
        { CKA_CLASS, &class, sizeof class }, { CKA_KEY_TYPE, &type, sizeof type },
        { CKA_TOKEN, &no, sizeof no },       { CKA_PRIVATE, &no, sizeof no },
        { CKA_ENCRYPT, &yes, sizeof yes },   { CKA_VALUE, (void *)(uintptr_t)key, 24 },
    };
    CK_MECHANISM mechanism = { .mechanism = CKM_DES3_ECB };
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE object;
    CK_ULONG room = length;
    CK_RV rv = open_own(slot, &session);

    if (rv != CKR_OK)
        return rv;
    rv = real->C_CreateObject(session, wanted, sizeof wanted / sizeof *wanted, &object);
    if (rv == CKR_OK)
        rv = real->C_EncryptInit(session, &mechanism, object);
    if (rv == CKR_OK)
        rv = real->C_Encrypt(session, (CK_BYTE *)(uintptr_t)data, length, result, &room);
    real->C_CloseSession(session);
    return rv;
}

CK_RV digest(struct slot *slot, CK_MECHANISM_TYPE type, const CK_BYTE *data, size_t length,
             CK_BYTE *result)
{
    CK_MECHANISM mechanism = { .mechanism = type };
    CK_SESSION_HANDLE session;
    CK_ULONG room = type == CKM_SHA256 ? 32 : type == CKM_SHA_1 ? 20 : 16;
    CK_RV rv = open_own(slot, &session);

    if (rv != CKR_OK)
        return rv;
    rv = slot->real->C_DigestInit(session, &mechanism);
    if (rv == CKR_OK)
        rv = slot->real->C_Digest(session, (CK_BYTE *)(uintptr_t)data, length, result, &room);
    slot->real->C_CloseSession(session);
    return rv;
}

CK_RV random_bytes(struct slot *slot, CK_BYTE *data, size_t length)
{
    CK_SESSION_HANDLE session;
    CK_RV rv = open_own(slot, &session);

    if (rv == CKR_OK) {
        rv = slot->real->C_GenerateRandom(session, data, length);
        slot->real->C_CloseSession(session);
    }
    return rv;
}

bool same_bytes(const CK_BYTE *a, size_t a_length, const CK_BYTE *b, size_t b_length)
{
    unsigned differ = a_length != b_length;

    for (size_t i = 0; i < a_length && i < b_length; i++)
        differ |= a[i] ^ b[i];
    return !differ;
}
