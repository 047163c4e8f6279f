/*
 * How a response comes of a challenge: the setting `unlock.rule`.
 *
 * stand-in: the rule of the classic eToken is not public. Here it is SipHash-2-4 (Aumasson and
 *     Bernstein, 2012), which no token uses, so that nobody takes it for the vendor's. Card and
 *     ETC_RSM_Calculate agree on it, as the vendor's do on theirs.
 * 3des: the challenge, one block, encrypted with the administrator's key of 24 bytes, as Microsoft's
 *     smart card minidriver specification describes it; cards of the IDPrime family.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "etoken.h"

static uint64_t left(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1]; v[1] = left(v[1], 13) ^ v[0]; v[0] = left(v[0], 32);
    v[2] += v[3]; v[3] = left(v[3], 16) ^ v[2];
    v[0] += v[3]; v[3] = left(v[3], 21) ^ v[0];
    v[2] += v[1]; v[1] = left(v[1], 17) ^ v[2]; v[2] = left(v[2], 32);
}

static uint64_t word_of(const CK_BYTE *bytes, size_t length)
{
    uint64_t word = 0;

    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

static void absorb(uint64_t v[4], uint64_t word, int rounds)
{
    v[3] ^= word;
    for (int i = 0; i < rounds; i++)
        sip_round(v);
    v[0] ^= word;
}

static uint64_t siphash(const uint64_t key[2], const CK_BYTE *data, size_t length)
{
    uint64_t v[4] = { key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
                      key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573 };
    size_t whole = length & ~(size_t)7;

    for (size_t i = 0; i < whole; i += 8)
        absorb(v, word_of(data + i, 8), 2);
    absorb(v, word_of(data + whole, length - whole) | (uint64_t)length << 56, 2);
    v[2] ^= 0xFF;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void stand_in(const CK_BYTE *password, size_t length,
                     const CK_BYTE challenge[CHALLENGE_LENGTH], CK_BYTE response[CHALLENGE_LENGTH])
{
    static const uint64_t first[2] = { 0, 0 }, second[2] = { 1, 0 };
    const uint64_t key[2] = { siphash(first, password, length),
                              siphash(second, password, length) };
    uint64_t word = siphash(key, challenge, CHALLENGE_LENGTH);

    for (int i = 0; i < CHALLENGE_LENGTH; i++)
        response[i] = (CK_BYTE)(word >> (8 * i));
}

/* The administrator's password as 48 hexadecimal digits, as SafeNet Authentication Client shows it
   for IDPrime; a token that was made with another has its key in `admin.key`. */
static bool admin_key(const struct slot *slot, CK_BYTE key[KEY_LENGTH])
{
    return setting_hex(slot, "so.pin", key, KEY_LENGTH) == KEY_LENGTH
           || setting_hex(slot, "admin.key", key, KEY_LENGTH) == KEY_LENGTH;
}

CK_RV etoken_response(struct call *call, const CK_BYTE challenge[CHALLENGE_LENGTH],
                      CK_BYTE response[CHALLENGE_LENGTH])
{
    CK_BYTE secret[PASSWORD_MOST];
    char rule[16] = "";
    long length = setting_text(call->slot, "unlock.rule", (CK_BYTE *)rule, sizeof rule - 1);

    if (length > 0 && !strcmp(rule, "3des"))
        return admin_key(call->slot, secret)
                   ? des3_encrypt(call->slot, secret, challenge, CHALLENGE_LENGTH, response)
                   : etoken_rv(call, "unlock.unsupported.rv");
    length = setting_text(call->slot, "so.pin", secret, sizeof secret);
    stand_in(secret, (size_t)(length < 0 ? 0 : length), challenge, response);
    return CKR_OK;
}

/* Of IDPrime: the administrator's key is what it is, in large letters or small. */
bool etoken_key_matches(const struct slot *slot, const char *who, const CK_BYTE *pin,
                        CK_ULONG length)
{
    CK_BYTE right[PASSWORD_MOST], given[KEY_LENGTH];
    char key[16], text[2 * KEY_LENGTH + 1] = "";
    long right_length;

    if (!strcmp(who, "so") && admin_key(slot, right)) {
        if (length != 2 * KEY_LENGTH)
            return false;
        memcpy(text, pin, length);
        return from_hex(text, given, sizeof given) == KEY_LENGTH
               && same_bytes(right, KEY_LENGTH, given, KEY_LENGTH);
    }
    snprintf(key, sizeof key, "%s.pin", who);
    right_length = setting_text(slot, key, right, sizeof right);
    return right_length > 0 && same_bytes(right, (size_t)right_length, pin, length);
}

/* The bank's side; no token is needed. Of the modes only the unlock of classic eTokens is here. */
CK_RV ETC_RSM_Calculate(CK_ULONG mode, CK_CHAR *pin, CK_ULONG length, CK_BYTE *challenge,
                        CK_ULONG challenge_length, CK_ATTRIBUTE *wanted, CK_ULONG count,
                        CK_BYTE *output, CK_ULONG *output_length, void *reserved)
{
    struct call call;
    CK_BYTE response[CHALLENGE_LENGTH];

    (void)wanted;
    if (vendor_call(&call, "ETC_RSM_Calculate")) {
        if (mode != ETCK_RSM_UNLOCK_LEGACY)
            call.rv = CKR_FUNCTION_NOT_SUPPORTED;
        else if (!pin || !challenge || challenge_length != CHALLENGE_LENGTH || count || reserved)
            call.rv = CKR_ARGUMENTS_BAD;
        else
            stand_in(pin, text_length(pin, length), challenge, response);
        if (call.rv == CKR_OK)
            call.rv = give_output(response, sizeof response, output, output_length);
    }
    return call_end(&call);
}
