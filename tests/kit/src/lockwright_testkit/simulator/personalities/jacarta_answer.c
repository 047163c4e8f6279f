/*
 * A stand-in for the response rules that the vendor keeps: PRO's and GOST 2's. By response.rule it
 * is the head of SHA-256 over key and challenge (`sha256`), or the challenge encrypted with 3DES in
 * ECB (`des3`), as PKI does it. No real token answers to either.
 */

#include "jacarta.h"

#include <string.h>

#include "crypto.h"

enum { CHALLENGE_MOST = 64, KEY_MOST = 255, DIGEST_SIZE = 32, DES3_KEY_SIZE = 24 };

CK_RV stand_in_challenge(struct call *call, CK_BYTE *challenge, CK_ULONG *length)
{
    size_t size = (size_t)setting_number(call->slot, "challenge.length");
    CK_BYTE drawn[CHALLENGE_MOST] = { 0 };
    CK_RV rv;

    if (size > sizeof drawn)
        return CKR_DEVICE_ERROR;
    if (!length || !challenge || *length < size)
        return give_output(drawn, size, challenge, length);
    rv = challenge_open(call, drawn, size);
    return rv == CKR_OK ? give_output(drawn, size, challenge, length) : rv;
}

static CK_RV by_des3(struct slot *slot, const CK_BYTE *key, size_t key_length,
                     const CK_BYTE *challenge, size_t length, CK_BYTE *answer)
{
    CK_BYTE whole[DES3_KEY_SIZE] = { 0 };

    memcpy(whole, key, key_length < sizeof whole ? key_length : sizeof whole);
    return des3_encrypt(slot, whole, challenge, length / 8 * 8, answer);
}

static CK_RV by_digest(struct slot *slot, const CK_BYTE *key, size_t key_length,
                       const CK_BYTE *challenge, size_t length, CK_BYTE *answer)
{
    CK_BYTE both[KEY_MOST + CHALLENGE_MOST];

    memcpy(both, key, key_length);
    memcpy(both + key_length, challenge, length);
    return digest(slot, CKM_SHA256, both, key_length + length, answer);
}

CK_RV stand_in_compare(struct call *call, const CK_BYTE *key, size_t key_length,
                       const CK_BYTE *response, CK_ULONG length, bool *right)
{
    CK_BYTE challenge[CHALLENGE_MOST], answer[CHALLENGE_MOST] = { 0 }, rule[16] = "";
    size_t asked = challenge_take(call, challenge, sizeof challenge);
    size_t wanted = (size_t)setting_number(call->slot, "response.length");
    CK_RV rv;

    if (!asked || !response)
        return setting_rv(call->slot, "response.void.rv");
    if (wanted > DIGEST_SIZE || key_length > KEY_MOST)
        return CKR_DEVICE_ERROR;
    setting_text(call->slot, "response.rule", rule, sizeof rule - 1);
    rv = (!strcmp((const char *)rule, "des3") ? by_des3 : by_digest)(
        call->slot, key, key_length, challenge, asked, answer);
    *right = rv == CKR_OK && same_bytes(answer, wanted, response, length);
    return rv;
}
