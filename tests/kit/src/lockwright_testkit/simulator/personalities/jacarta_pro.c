/*
 * JaCarta PRO, the applet that the vendor's headers call ProJava. Its administrator is a password
 * (so.pin), and a response is made from it by a rule that is not public: a stand-in here. A token
 * without an administrator's password cannot be unblocked.
 */

#include "jacarta_pro.h"

#include <string.h>

#include "jacarta_functions.h"

static const struct setting settings[] = {
    JACARTA_SETTINGS,
    { "model", JC_MODEL_PRO },
    { "challenge.strict", "yes" }, /* jcPKCS11f.h: call nothing but JC_PJ_Unlock */
    STAND_IN_SETTINGS("8", "8"),
    { "user.policy.age.most", "0" },
    { "user.policy.warning", "0" },
    { NULL, NULL },
};

static bool keeps_challenge(const struct call *call)
{
    return jacarta_keeps(call, &jacarta_pro, "JC_PJ_Unlock");
}

/* The codes and what they stand for are those of jcPKCS11t.h. */
static CK_RV pin_refusal(struct call *call, const char *who, unsigned broken)
{
    (void)call;
    (void)who;
    if (broken & (BROKEN_SHORT | BROKEN_LONG))
        return CKR_PIN_LEN_RANGE;
    if (broken & BROKEN_HISTORY)
        return CKR_PINPOLICY_HISTORY;
    if (broken & BROKEN_AGE)
        return CKR_PINPOLICY_AGE;
    if (broken & BROKEN_REPEAT)
        return CKR_PINPOLICY_REPEAT;
    if (broken & (BROKEN_UPPER | BROKEN_LOWER | FORBIDDEN_UPPER | FORBIDDEN_LOWER))
        return CKR_PINPOLICY_CASE;
    if (broken & (BROKEN_DIGITS | FORBIDDEN_DIGITS))
        return CKR_PINPOLICY_DIGIT;
    if (broken & (BROKEN_SPECIAL | FORBIDDEN_SPECIAL))
        return CKR_PINPOLICY_SPECCHAR;
    return CKR_PINPOLICY_VIOLATION;
}

const struct personality jacarta_pro = {
    .name = "jacarta-pro",
    .settings = settings,
    .keeps_challenge = keeps_challenge,
    .pin_refusal = pin_refusal,
};

static CK_RV read_counters(const struct slot *slot, CK_USER_TYPE user, JC_PJ_PIN_COUNTERS *counters)
{
    bool so = user == CKU_SO;

    if (!counters)
        return CKR_ARGUMENTS_BAD;
    if (!so && user != CKU_USER)
        return CKR_USER_TYPE_INVALID;
    *counters = (JC_PJ_PIN_COUNTERS){
        .ulMaxTries = (CK_ULONG)setting_number(slot, so ? "so.tries.max" : "user.tries.max"),
        .ulTries = (CK_ULONG)pin_tries(slot, so ? "so" : "user"),
    };
    return CKR_OK;
}

CK_RV JC_PJ_GetPinCounters(CK_SLOT_ID id, CK_USER_TYPE user, JC_PJ_PIN_COUNTERS *counters)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_GetPinCounters", id, &jacarta_pro))
        call.rv = read_counters(call.slot, user, counters);
    return call_end(&call);
}

CK_RV JC_PJ_GetCapabilities(CK_SLOT_ID id, JC_PJ_CAPABILITIES *capabilities)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_GetCapabilities", id, &jacarta_pro)) {
        if (capabilities)
            *capabilities = (JC_PJ_CAPABILITIES){
                .rsa2048support = CK_TRUE,
                .hasSo = pin_is_set(call.slot, "so"),
            };
        else
            call.rv = CKR_ARGUMENTS_BAD;
    }
    return call_end(&call);
}

/* Set the user PIN, which may have to be changed at the first login. */
static void store(struct call *call, const CK_UTF8CHAR *pin, CK_ULONG length, CK_BBOOL change)
{
    pin_store(call, "user", pin, length);
    if (change)
        set_text(call->slot, "user.change", (const CK_BYTE *)"yes", 3);
}

CK_RV JC_PJ_InitPIN(CK_SLOT_ID id, CK_UTF8CHAR *pin, CK_ULONG length, CK_ULONG most_tries,
                    CK_BBOOL change)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_InitPIN", id, &jacarta_pro)) {
        length = text_length(pin, length);
        if (!pin)
            call.rv = CKR_ARGUMENTS_BAD;
        else if (login_state(call.slot) != CKS_RW_SO_FUNCTIONS)
            call.rv = CKR_USER_NOT_LOGGED_IN;
        else
            call.rv = pin_allowed(&call, "user", pin, length);
        if (call.rv == CKR_OK && state_begin(&call)) {
            if (most_tries)
                set_number(call.slot, "user.tries.max", (long)most_tries);
            store(&call, pin, length, change);
            state_commit(&call);
        }
    }
    return call_end(&call);
}

CK_RV JC_PJ_UnlockInit(CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_UnlockInit", id, &jacarta_pro))
        call.rv = pin_is_set(call.slot, "so") ? stand_in_challenge(&call, challenge, length)
                                              : CKR_CANNOT_UNLOCK;
    return call_end(&call);
}

static CK_RV unlock(struct call *call, const CK_BYTE *response, CK_ULONG response_length,
                    const CK_UTF8CHAR *pin, CK_ULONG length)
{
    CK_BYTE password[255], challenge[64];
    long password_length = setting_text(call->slot, "so.pin", password, sizeof password);
    bool right = false;
    CK_RV rv = pin ? pin_allowed(call, "user", pin, length) : CKR_ARGUMENTS_BAD;

    if (rv != CKR_OK || password_length <= 0) {
        challenge_take(call, challenge, sizeof challenge); /* any ending closes the operation */
        return rv != CKR_OK ? rv : CKR_CANNOT_UNLOCK;
    }
    rv = stand_in_compare(call, password, (size_t)password_length, response, response_length,
                          &right);
    if (rv == CKR_OK)
        rv = pin_verdict(call, "so", right);
    return rv == CKR_PIN_INCORRECT ? setting_rv(call->slot, "response.wrong.rv") : rv;
}

CK_RV JC_PJ_Unlock(CK_SLOT_ID id, CK_BYTE *response, CK_ULONG response_length, CK_UTF8CHAR *pin,
                   CK_ULONG length, CK_BBOOL change)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_Unlock", id, &jacarta_pro) && state_begin(&call)) {
        length = text_length(pin, length);
        CK_RV rv = unlock(&call, response, response_length, pin, length);
        if (rv == CKR_OK)
            store(&call, pin, length, change);
        state_commit(&call);
        call.rv = call.rv == CKR_OK ? rv : call.rv;
    }
    return call_end(&call);
}
