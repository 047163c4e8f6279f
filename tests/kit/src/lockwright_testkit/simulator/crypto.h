/* The cryptography that personalities need, done by the SoftHSM beneath the slot. */

#ifndef SIM_CRYPTO_H
#define SIM_CRYPTO_H

#include "personality.h"

/* 3DES in ECB, whole blocks of 8 bytes, a key of 24. */
CK_RV des3_encrypt(struct slot *slot, const CK_BYTE key[24], const CK_BYTE *data, size_t length,
                   CK_BYTE *result);
/* CKM_MD5 (16 bytes), CKM_SHA_1 (20) or CKM_SHA256 (32). */
CK_RV digest(struct slot *slot, CK_MECHANISM_TYPE mechanism, const CK_BYTE *data, size_t length,
             CK_BYTE *result);
CK_RV random_bytes(struct slot *slot, CK_BYTE *data, size_t length);
/* The length of both does not leak through time, as on a card. */
bool same_bytes(const CK_BYTE *a, size_t a_length, const CK_BYTE *b, size_t b_length);

#endif
