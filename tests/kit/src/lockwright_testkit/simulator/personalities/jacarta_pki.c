/*
 * JaCarta PKI, the applet that the vendor's headers call Laser. Its administrator is a PIN, or a
 * 3DES key with which a challenge is answered (AdminIsChalResp); here it is a key if admin.key is
 * set. The answer is the challenge, one block, encrypted (ECB): the convention of Microsoft's
 * minidriver (windows-driver-docs, "Challenge-response"), with the same lengths.
 */

#include "jacarta_pki.h"

#include <string.h>

#include "crypto.h"

/* Tries and unblocks are those of OpenSC's jacartapki.profile, written by an engineer of the
   vendor: 10 tries of the user without a limit of unblocks, 3 of the administrator. The default
   lengths of a PIN are those of the vendor's tools. */
static const struct setting settings[] = {
    JACARTA_SETTINGS,
    { "model", JC_MODEL_LASER },
    { "challenge.strict", "no" },
    { "user.tries.max", "10" },
    { "so.tries.max", "3" },
    { "user.policy.max", "16" },
    { "so.policy.max", "16" },
    { "user.unblocks.max", "0" },
    { "user.unblocks", "" },
    { "change.after.unlock", "no" },
    { "admin.key", "" },
    { "wipe.allowed", "no" },
    { "complexity", "" },
    { "complexity.waiting", "" },
    { "waiting.pin", "" },
    /* What no public source tells. */
    { "complexity.tells", "force" },
    { "wipe.leaves", "pins" },
    { "wipe.refused.rv", "0x1b" },
    { "response.wrong.rv", "0xa0" },
    { "response.void.rv", "0x80000016" },
    { "response.no-key.rv", "0x80000016" },
    { "so.login.rv", "0x103" },
    { NULL, NULL },
};

bool pki_admin_key(const struct slot *slot, CK_BYTE key[KEY_SIZE])
{
    memset(key, 0, KEY_SIZE);
    return setting_hex(slot, "admin.key", key, KEY_SIZE) > 0;
}

static bool keeps_challenge(const struct call *call)
{
    return jacarta_keeps(call, &jacarta_pki, "JC_PKI_UnlockUserPinWithResponse")
           || jacarta_keeps(call, &jacarta_pki, "C_Login");
}

CK_RV pki_judge(struct call *call, const CK_BYTE *response, CK_ULONG length)
{
    CK_BYTE challenge[CHALLENGE_SIZE], key[KEY_SIZE], right[CHALLENGE_SIZE];
    CK_RV rv;

    if (challenge_take(call, challenge, sizeof challenge) != sizeof challenge)
        return setting_rv(call->slot, "response.void.rv");
    if (!pki_admin_key(call->slot, key))
        return setting_rv(call->slot, "response.no-key.rv");
    rv = des3_encrypt(call->slot, key, challenge, sizeof challenge, right);
    if (rv != CKR_OK)
        return rv;
    rv = pin_verdict(call, "so", same_bytes(right, sizeof right, response, length));
    return rv == CKR_PIN_INCORRECT ? setting_rv(call->slot, "response.wrong.rv") : rv;
}

static CK_RV login_with_response(struct call *call, const CK_BYTE *response, CK_ULONG length)
{
    CK_RV rv;

    if (slot_has_read_only_session(call->slot))
        return CKR_SESSION_READ_ONLY_EXISTS;
    if (login_state(call->slot) != CKS_RW_PUBLIC_SESSION)
        return login_state(call->slot) == CKS_RW_SO_FUNCTIONS
                   ? CKR_USER_ALREADY_LOGGED_IN
                   : CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    rv = pki_judge(call, response, length);
    return rv == CKR_OK ? login_as(call, CKU_SO) : rv;
}

static bool login(struct call *call, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length)
{
    CK_BYTE challenge[CHALLENGE_SIZE], key[KEY_SIZE];

    if (user == CKU_SO_RESPONSE) {
        call->rv = pin ? login_with_response(call, pin, length) : CKR_ARGUMENTS_BAD;
        return true;
    }
    challenge_take(call, challenge, sizeof challenge); /* any other login voids it */
    if (user != CKU_SO || !pki_admin_key(call->slot, key))
        return false;
    call->rv = setting_rv(call->slot, "so.login.rv");
    return true;
}

/* C_InitToken gets the administrator's key in place of a PIN. */
static bool pin_matches(const struct slot *slot, const char *who, const CK_BYTE *pin,
                        CK_ULONG length)
{
    CK_BYTE key[KEY_SIZE], given[KEY_SIZE] = { 0 }, right[255];
    char name[64] = "";
    long right_length;

    if (!strcmp(who, "so") && pki_admin_key(slot, key)) {
        memcpy(given, pin, length < KEY_SIZE ? length : KEY_SIZE);
        return length <= KEY_SIZE && same_bytes(key, KEY_SIZE, given, KEY_SIZE);
    }
    strcat(strncat(name, who, sizeof name - 8), ".pin");
    right_length = setting_text(slot, name, right, sizeof right);
    return right_length > 0 && same_bytes(right, (size_t)right_length, pin, length);
}

const struct personality jacarta_pki = {
    .name = "jacarta-pki",
    .settings = settings,
    .keeps_challenge = keeps_challenge,
    .login = login,
    .pin_matches = pin_matches,
    .formatted = pki_formatted,
};
