/* The rules of a PRO for a user PIN, as JC_PJ_PINPOLICY has them. */

#include "jacarta_functions.h"
#include "jacarta_pro.h"

/* A kind of characters: nought permitted, 1 forbidden, 2 mandatory; here 0, -1, and 1 or more. */
static CK_ULONG told(const struct slot *slot, const char *key)
{
    long rule = setting_number(slot, key);

    return rule < 0 ? COMPLEXITY_FORBIDDEN : rule ? COMPLEXITY_MANDATORY : COMPLEXITY_PERMITTED;
}

static void take(struct slot *slot, const char *key, CK_ULONG value)
{
    set_number(slot, key, value == COMPLEXITY_FORBIDDEN   ? -1
                          : value == COMPLEXITY_MANDATORY ? 1
                                                          : 0);
}

static CK_ULONG number(const struct slot *slot, const char *key)
{
    return (CK_ULONG)setting_number(slot, key);
}

CK_RV JC_PJ_GetUserPinPolicy(CK_SLOT_ID id, JC_PJ_PINPOLICY *policy)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_GetUserPinPolicy", id, &jacarta_pro)) {
        const struct slot *slot = call.slot;
        long kinds = setting_number(slot, "user.policy.kinds");
        if (policy)
            *policy = (JC_PJ_PINPOLICY){
                .ulMinAge = number(slot, "user.policy.age"),
                .ulMaxAge = number(slot, "user.policy.age.most"),
                .ulWarningPeriod = number(slot, "user.policy.warning"),
                .ulMinLen = number(slot, "user.policy.min"),
                .ulHistorySize = number(slot, "user.policy.history"),
                .ulMaxConsRepeat = number(slot, "user.policy.repeat"),
                .ComplexityReq = kinds >= 3   ? REQUIREMENTS_LEAST3TYPES
                                 : kinds == 2 ? REQUIREMENTS_LEAST2TYPES
                                              : REQUIREMENTS_MANUAL,
                .Uppercase = told(slot, "user.policy.upper"),
                .Lowercase = told(slot, "user.policy.lower"),
                .Numerals = told(slot, "user.policy.digits"),
                .SpecChar = told(slot, "user.policy.special"),
            };
        else
            call.rv = CKR_ARGUMENTS_BAD;
    }
    return call_end(&call);
}

static void set(struct slot *slot, const JC_PJ_PINPOLICY *policy)
{
    set_number(slot, "user.policy.age", (long)policy->ulMinAge);
    set_number(slot, "user.policy.age.most", (long)policy->ulMaxAge);
    set_number(slot, "user.policy.warning", (long)policy->ulWarningPeriod);
    set_number(slot, "user.policy.min", (long)policy->ulMinLen);
    set_number(slot, "user.policy.history", (long)policy->ulHistorySize);
    set_number(slot, "user.policy.repeat", (long)policy->ulMaxConsRepeat);
    set_number(slot, "user.policy.kinds", policy->ComplexityReq == REQUIREMENTS_LEAST3TYPES   ? 3
                                          : policy->ComplexityReq == REQUIREMENTS_LEAST2TYPES ? 2
                                                                                              : 0);
    take(slot, "user.policy.upper", policy->Uppercase);
    take(slot, "user.policy.lower", policy->Lowercase);
    take(slot, "user.policy.digits", policy->Numerals);
    take(slot, "user.policy.special", policy->SpecChar);
}

CK_RV JC_PJ_SetUserPinPolicy(CK_SLOT_ID id, JC_PJ_PINPOLICY *policy)
{
    struct call call;

    if (jacarta_call(&call, "JC_PJ_SetUserPinPolicy", id, &jacarta_pro)) {
        if (!policy)
            call.rv = CKR_ARGUMENTS_BAD;
        else if (login_state(call.slot) != CKS_RW_SO_FUNCTIONS)
            call.rv = CKR_USER_NOT_LOGGED_IN;
        else if (state_begin(&call)) {
            set(call.slot, policy);
            state_commit(&call);
        }
    }
    return call_end(&call);
}
