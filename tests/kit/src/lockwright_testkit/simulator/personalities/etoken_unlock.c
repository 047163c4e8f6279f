/* Unblocking by challenge and response, and the administrator who is present. */

#include "crypto.h"
#include "etoken.h"

/* A token without an administrator's password is never unblocked, and unblocks may be limited. */
static CK_RV unlockable(const struct call *call)
{
    long most = setting_number(call->slot, "unlock.max");

    if (!pin_is_set(call->slot, "so"))
        return etoken_refuse(call, "unlock.unsupported.rv", ETCKR_HASNO_ADMIN_PASSWORD);
    if (!setting_yes(call->slot, "unlock.supported"))
        return etoken_rv(call, "unlock.unsupported.rv");
    if (most && setting_number(call->slot, "unlock.count") >= most)
        return etoken_refuse(call, "unlock.limit.rv", ETCKR_TOO_MANY_UNBLOCKS);
    return CKR_OK;
}

CK_RV ETC_UnlockGetChallenge(CK_SESSION_HANDLE session, void *challenge, CK_ULONG *length)
{
    struct call call;
    CK_BYTE drawn[CHALLENGE_LENGTH];

    if (etoken_call(&call, "ETC_UnlockGetChallenge", session)) {
        call.rv = unlockable(&call);
        if (call.rv == CKR_OK && challenge && length && *length >= sizeof drawn)
            call.rv = challenge_open(&call, drawn, sizeof drawn);
        if (call.rv == CKR_OK)
            call.rv = give_output(drawn, sizeof drawn, challenge, length);
    }
    return call_end(&call);
}

/* What a wrong response costs is not public: settings. */
static CK_RV verdict(struct call *call, bool right)
{
    bool counts = right || setting_yes(call->slot, "unlock.wrong.try");
    CK_RV rv = CKR_OK;

    if (counts || pin_tries(call->slot, "so") <= 0)
        rv = pin_verdict(call, "so", right);
    if (rv == CKR_PIN_LOCKED)
        return rv;
    if (right || setting_yes(call->slot, "unlock.wrong.unlock"))
        set_number(call->slot, "unlock.count", setting_number(call->slot, "unlock.count") + 1);
    return right ? rv : etoken_rv(call, "unlock.wrong.rv");
}

static CK_RV judge(struct call *call, const CK_BYTE *response, CK_ULONG length)
{
    CK_BYTE challenge[CHALLENGE_LENGTH], right[CHALLENGE_LENGTH];
    CK_RV rv;

    if (challenge_take(call, challenge, sizeof challenge) != sizeof challenge)
        return etoken_rv(call, "unlock.void.rv");
    rv = unlockable(call);
    if (rv == CKR_OK)
        rv = etoken_response(call, challenge, right);
    return rv == CKR_OK ? verdict(call, same_bytes(right, sizeof right, response, length)) : rv;
}

/* A password that the policy refuses: whether the challenge is lost with it is not public. */
static CK_RV allowed(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    CK_BYTE challenge[CHALLENGE_LENGTH];
    CK_RV rv = pin_allowed(call, "user", pin, length);

    if (rv != CKR_OK && setting_yes(call->slot, "unlock.weak.ends"))
        challenge_take(call, challenge, sizeof challenge);
    return rv;
}

static void store(struct call *call, const CK_BYTE *pin, CK_ULONG length, CK_ULONG retries,
                  CK_BBOOL to_be_changed)
{
    set_number(call->slot, "user.tries.max", (long)retries);
    pin_store(call, "user", pin, length);
    etoken_set_yes(call->slot, "user.change", to_be_changed);
}

static CK_RV complete(struct call *call, const CK_BYTE *response, CK_ULONG response_length,
                      const CK_BYTE *pin, CK_ULONG length, CK_ULONG retries,
                      CK_BBOOL to_be_changed)
{
    CK_RV rv;

    if (!state_begin(call))
        return call->rv;
    rv = allowed(call, pin, length);
    if (rv == CKR_OK)
        rv = judge(call, response, response_length);
    if (rv == CKR_OK)
        store(call, pin, length, retries, to_be_changed);
    state_commit(call);
    return rv == CKR_OK ? call->rv : rv;
}

CK_RV ETC_UnlockComplete(CK_SESSION_HANDLE session, void *response, CK_ULONG response_length,
                         CK_UTF8CHAR *pin, CK_ULONG length, CK_ULONG retries,
                         CK_BBOOL to_be_changed)
{
    struct call call;

    if (etoken_call(&call, "ETC_UnlockComplete", session)) {
        call.rv = response && pin ? etoken_retries(retries) : CKR_ARGUMENTS_BAD;
        if (call.rv == CKR_OK)
            call.rv = complete(&call, response, response_length, pin, text_length(pin, length),
                               retries, to_be_changed);
    }
    return call_end(&call);
}

/* In the session of a format it is planned; the administrator who is logged in sets it now. */
static CK_RV init_pin(struct call *call, const CK_BYTE *pin, CK_ULONG length, CK_ULONG retries,
                      CK_BBOOL to_be_changed)
{
    const char *who = etoken_planning(call) ? "new" : "user";
    CK_RV rv = pin_allowed(call, who, pin, length);

    if (rv != CKR_OK || !state_begin(call))
        return rv == CKR_OK ? call->rv : rv;
    if (*who == 'u') {
        store(call, pin, length, retries, to_be_changed);
    } else {
        set_text(call->slot, "new.user.pin", pin, length);
        set_number(call->slot, "new.user.tries.max", (long)retries);
        etoken_set_yes(call->slot, "new.user.change", to_be_changed);
    }
    state_commit(call);
    return call->rv;
}

CK_RV ETC_InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length, CK_ULONG retries,
                  CK_BBOOL to_be_changed)
{
    struct call call;

    if (etoken_call(&call, "ETC_InitPIN", session)) {
        call.rv = pin ? etoken_retries(retries) : CKR_ARGUMENTS_BAD;
        if (call.rv == CKR_OK && !etoken_planning(&call)
            && login_state(call.slot) != CKS_RW_SO_FUNCTIONS)
            call.rv = CKR_USER_NOT_LOGGED_IN;
        if (call.rv == CKR_OK)
            call.rv = init_pin(&call, pin, text_length(pin, length), retries, to_be_changed);
    }
    return call_end(&call);
}
