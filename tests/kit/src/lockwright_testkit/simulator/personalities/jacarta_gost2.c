/*
 * The applet of JaCarta-2 GOST, which the vendor's headers call KT2. The user has a PIN and a PUK;
 * there is no ordinary SO. A response is made on the vendor's own workstation by a rule that is not
 * public: a stand-in here, with admin.key as its key. What the workstation does is not simulated.
 */

#include "jacarta_gost2.h"

#include <stdio.h>
#include <string.h>

#include "jacarta_functions.h"

static const struct setting settings[] = {
    JACARTA_SETTINGS,
    { "model", JC_MODEL_CRYPTOTOKEN_2 },
    { "challenge.strict", "no" },
    STAND_IN_SETTINGS("16", "16"),
    { "user.policy.min", "6" },
    { "puk.policy.min", "6" },
    { "puk.pin", "" },
    { "puk.tries", "" },
    { "puk.tries.max", "10" },
    { "admin.key", "" },
    /* What no public source tells. */
    { "puk.sets", "C_InitPIN" },
    { "info.grown", "no" },
    { NULL, NULL },
};

static bool keeps_challenge(const struct call *call)
{
    return jacarta_keeps(call, &jacarta_gost2, "JC_KT2_UnlockWithResponse");
}

static void token_info(struct slot *slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    info->flags &= ~(CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED
                     | CKF_SO_PIN_TO_BE_CHANGED);
}

static CK_RV login_with_puk(struct call *call, const CK_BYTE *puk, CK_ULONG length)
{
    CK_RV rv;

    if (!puk)
        return CKR_ARGUMENTS_BAD;
    if (slot_has_read_only_session(call->slot))
        return CKR_SESSION_READ_ONLY_EXISTS;
    if (login_state(call->slot) != CKS_RW_PUBLIC_SESSION)
        return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    rv = pin_verify(call, "puk", puk, length);
    return rv == CKR_OK ? login_as(call, CKU_SO) : rv == CKR_PIN_INCORRECT ? CKR_PUK_INCORRECT : rv;
}

static bool login(struct call *call, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length)
{
    if (user == CKU_PUK)
        call->rv = login_with_puk(call, pin, length);
    else if (user == CKU_SO)
        call->rv = CKR_USER_TYPE_INVALID;
    else
        return false;
    return true;
}

static bool puk_sets_by(const struct slot *slot, const char *function)
{
    CK_BYTE sets[16] = "";

    setting_text(slot, "puk.sets", sets, sizeof sets - 1);
    return !strcmp((const char *)sets, function);
}

static bool init_pin(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    (void)pin;
    (void)length;
    if (puk_sets_by(call->slot, "C_InitPIN"))
        return false;
    call->rv = CKR_FUNCTION_NOT_SUPPORTED;
    return true;
}

/* Beneath, whoever logged in with the PUK is the SO. */
static bool set_pin(struct call *call, const CK_BYTE *old, CK_ULONG old_length, const CK_BYTE *pin,
                    CK_ULONG length)
{
    if (login_state(call->slot) != CKS_RW_SO_FUNCTIONS)
        return false;
    if (!puk_sets_by(call->slot, "C_SetPIN") || !old || !pin) {
        call->rv = CKR_FUNCTION_NOT_SUPPORTED;
        return true;
    }
    call->rv = pin_allowed(call, "user", pin, length);
    if (call->rv == CKR_OK)
        call->rv = pin_verify(call, "puk", old, old_length);
    if (call->rv == CKR_OK)
        pin_store(call, "user", pin, length);
    return true;
}

/* The workstation personalises it, and JC_KT2_InitToken initialises it after that. */
static bool init_token(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    (void)pin;
    (void)length;
    call->rv = CKR_FUNCTION_NOT_SUPPORTED;
    return true;
}

const struct personality jacarta_gost2 = {
    .name = "jacarta-gost2",
    .settings = settings,
    .token_info = token_info,
    .keeps_challenge = keeps_challenge,
    .login = login,
    .init_pin = init_pin,
    .set_pin = set_pin,
    .init_token = init_token,
};

static JC_KT2_PIN_STATE pin_state(const struct slot *slot, const char *who, const char *most)
{
    long tries = setting_number(slot, most);

    return (JC_KT2_PIN_STATE){
        .Exists = pin_is_set(slot, who),
        .ulMaxErrorCount = (CK_ULONG)tries,
        .ulErrorCount = (CK_ULONG)(tries - pin_tries(slot, who)),
    };
}

static JC_KT2_EXTENDED_INFO extended_info(const struct slot *slot)
{
    JC_KT2_EXTENDED_INFO info = {
        .UserPINState = pin_state(slot, "user", "user.tries.max"),
        .PUKState = pin_state(slot, "puk", "puk.tries.max"),
        .UserPinPolicy = {
            .UseUpperCaseLetters = setting_number(slot, "user.policy.upper") > 0,
            .UseLowerCaseLetters = setting_number(slot, "user.policy.lower") > 0,
            .UseDigits = setting_number(slot, "user.policy.digits") > 0,
            .UseSpecial = setting_number(slot, "user.policy.special") > 0,
            .PinMustBeChanged = setting_yes(slot, "user.change"),
            .ulMinPinLengthAddition = (CK_ULONG)(setting_number(slot, "user.policy.min")
                                                 - KT2_PIN_LENGTH_LEAST),
        },
    };
    CK_BYTE firmware[24] = "";

    setting_text(slot, "firmware", firmware, sizeof firmware - 1);
    sscanf((const char *)firmware, "%hhu.%hhu", &info.Major, &info.Minor);
    return info;
}

CK_RV JC_KT2_ReadExtInfo(CK_SLOT_ID id, JC_KT2_EXTENDED_INFO *info)
{
    struct call call;

    if (jacarta_call(&call, "JC_KT2_ReadExtInfo", id, &jacarta_gost2)) {
        if (!info) {
            call.rv = CKR_ARGUMENTS_BAD;
        } else {
            *info = extended_info(call.slot);
            /* IsFileSystemInitialized, which the vendor's SDK of 2023 has after the rest */
            if (setting_yes(call.slot, "info.grown"))
                memset(info + 1, CK_TRUE, sizeof(CK_BBOOL));
        }
    }
    return call_end(&call);
}

CK_RV JC_KT2_CreateUnlockChallenge(CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length)
{
    struct call call;

    if (jacarta_call(&call, "JC_KT2_CreateUnlockChallenge", id, &jacarta_gost2))
        call.rv = stand_in_challenge(&call, challenge, length);
    return call_end(&call);
}

CK_RV JC_KT2_CreateUnlockResponse(CK_UTF8CHAR *pin, CK_ULONG pin_length, CK_BYTE *challenge,
                                  CK_ULONG challenge_length, CK_BYTE *response, CK_ULONG *length)
{
    struct call call;

    (void)pin, (void)pin_length, (void)challenge, (void)challenge_length;
    (void)response, (void)length;
    if (vendor_call(&call, "JC_KT2_CreateUnlockResponse"))
        call.rv = CKR_FUNCTION_NOT_SUPPORTED; /* always, as jcPKCS11f.h says */
    return call_end(&call);
}

static CK_RV unlock(struct call *call, const CK_BYTE *response, CK_ULONG length)
{
    CK_BYTE key[255];
    long key_length = setting_hex(call->slot, "admin.key", key, sizeof key);
    bool right = false;
    CK_RV rv = stand_in_compare(call, key, key_length > 0 ? (size_t)key_length : 0, response,
                                length, &right);

    if (rv != CKR_OK)
        return rv;
    if (key_length <= 0)
        return CKR_CANNOT_UNLOCK;
    if (!right)
        return setting_rv(call->slot, "response.wrong.rv");
    pin_unlock(call, "user");
    return CKR_OK;
}

CK_RV JC_KT2_UnlockWithResponse(CK_SLOT_ID id, CK_BYTE *response, CK_ULONG length)
{
    struct call call;

    if (jacarta_call(&call, "JC_KT2_UnlockWithResponse", id, &jacarta_gost2) && state_begin(&call)) {
        CK_RV rv = unlock(&call, response, length);
        state_commit(&call);
        call.rv = call.rv == CKR_OK ? rv : call.rv;
    }
    return call_end(&call);
}
