/* The PKI applet's own functions: counters, challenge, unblocking, wiping. */

#include <string.h>

#include "jacarta_functions.h"

/* How many unblocks are left; -1: as many as are wanted. */
static long unblocks_left(const struct slot *slot)
{
    long most = setting_number(slot, "user.unblocks.max");
    CK_BYTE left[24];

    if (most == UNBLOCKS_UNLIMITED)
        return -1;
    if (most == UNBLOCKS_NEVER)
        return 0;
    return setting_text(slot, "user.unblocks", left, sizeof left) > 0
               ? setting_number(slot, "user.unblocks")
               : most;
}

/* The user PIN was unblocked: one unblock less, and perhaps a PIN that has to be changed. */
static void unblocked(struct call *call)
{
    long left = unblocks_left(call->slot);

    if (left > 0)
        set_number(call->slot, "user.unblocks", left - 1);
    if (setting_yes(call->slot, "change.after.unlock"))
        set_text(call->slot, "user.change", (const CK_BYTE *)"yes", 3);
}

CK_RV JC_PKI_GetPINInfo(CK_SLOT_ID id, JC_PKI_PIN_INFO *info)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_GetPINInfo", id, &jacarta_pki)) {
        if (info)
            *info = (JC_PKI_PIN_INFO){
                .UserPinRemains = (CK_BYTE)pin_tries(call.slot, "user"),
                .AdminPinRemains = (CK_BYTE)pin_tries(call.slot, "so"),
            };
        else
            call.rv = CKR_ARGUMENTS_BAD;
    }
    return call_end(&call);
}

static CK_RV read_counters(const struct slot *slot, CK_USER_TYPE user,
                           JC_PKI_PIN_COUNTERS *counters)
{
    bool so = user == CKU_SO;
    /* Without a limit the remainder is 255, as the OEM's layer tells it. */
    long left = so ? 0 : unblocks_left(slot);

    if (!counters)
        return CKR_ARGUMENTS_BAD;
    if (!so && user != CKU_USER)
        return CKR_USER_TYPE_INVALID;
    *counters = (JC_PKI_PIN_COUNTERS){
        .ulRetryRemains = (CK_ULONG)pin_tries(slot, so ? "so" : "user"),
        .ulMaxRetryCounter = (CK_ULONG)setting_number(slot, so ? "so.tries.max" : "user.tries.max"),
        .ulUnlockRemains = (CK_ULONG)(left < 0 ? 255 : left),
        .ulMaxUnlockCounter = so ? 0 : (CK_ULONG)setting_number(slot, "user.unblocks.max"),
    };
    return CKR_OK;
}

CK_RV JC_PKI_ReadPinCounters(CK_SLOT_ID id, CK_USER_TYPE user, JC_PKI_PIN_COUNTERS *counters)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_ReadPinCounters", id, &jacarta_pki))
        call.rv = read_counters(call.slot, user, counters);
    return call_end(&call);
}

CK_RV JC_PKI_GetChallenge(CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG size)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_GetChallenge", id, &jacarta_pki)) {
        if (!challenge || size < CHALLENGE_SIZE)
            call.rv = CKR_ARGUMENTS_BAD;
        else
            call.rv = challenge_open(&call, challenge, CHALLENGE_SIZE);
    }
    return call_end(&call);
}

CK_RV JC_PKI_UnlockUserPIN(CK_SLOT_ID id)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_UnlockUserPIN", id, &jacarta_pki)) {
        if (login_state(call.slot) != CKS_RW_SO_FUNCTIONS) {
            call.rv = CKR_USER_NOT_LOGGED_IN;
        } else if (state_begin(&call)) {
            if (!unblocks_left(call.slot) || !pin_is_set(call.slot, "user")) {
                call.rv = CKR_CANNOT_UNLOCK;
            } else {
                pin_unlock(&call, "user");
                unblocked(&call);
            }
            state_commit(&call);
        }
    }
    return call_end(&call);
}

#ifndef JACARTA_WITHOUT_RESPONSE
static CK_RV unlock_with_response(struct call *call, const CK_BYTE *response,
                                  CK_ULONG response_length, const CK_UTF8CHAR *pin,
                                  CK_ULONG length)
{
    CK_BYTE challenge[CHALLENGE_SIZE];
    CK_RV rv = unblocks_left(call->slot) ? pin_allowed(call, "user", pin, length)
                                         : CKR_CANNOT_UNLOCK;

    if (rv != CKR_OK)
        challenge_take(call, challenge, sizeof challenge); /* any ending is the challenge's */
    else
        rv = pki_judge(call, response, response_length);
    if (rv == CKR_OK) {
        pin_store(call, "user", pin, length);
        unblocked(call);
    }
    return rv;
}

CK_RV JC_PKI_UnlockUserPinWithResponse(CK_SLOT_ID id, CK_BYTE *response, CK_ULONG response_length,
                                       CK_UTF8CHAR *pin, CK_ULONG length)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_UnlockUserPinWithResponse", id, &jacarta_pki)) {
        if (!response || !pin) {
            call.rv = CKR_ARGUMENTS_BAD;
        } else if (state_begin(&call)) {
            CK_RV rv = unlock_with_response(&call, response, response_length, pin,
                                            text_length(pin, length));
            state_commit(&call);
            call.rv = call.rv == CKR_OK ? rv : call.rv;
        }
    }
    return call_end(&call);
}
#endif

static CK_RV wipe(struct call *call)
{
    CK_BYTE left[16] = "";
    CK_RV rv;

    if (login_state(call->slot) != CKS_RW_SO_FUNCTIONS)
        return CKR_USER_NOT_LOGGED_IN;
    if (!setting_yes(call->slot, "wipe.allowed"))
        return setting_rv(call->slot, "wipe.refused.rv");
    rv = format_slot(call->slot);
    setting_text(call->slot, "wipe.leaves", left, sizeof left - 1);
    if (rv != CKR_OK || !strcmp((const char *)left, "pins") || !state_begin(call))
        return rv;
    set_text(call->slot, "initialized", (const CK_BYTE *)"no", 2);
    set_text(call->slot, "user.pin", left, 0);
    set_text(call->slot, "so.pin", left, 0);
    state_commit(call);
    return call->rv;
}

CK_RV JC_PKI_WipeCard(CK_SLOT_ID id)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_WipeCard", id, &jacarta_pki))
        call.rv = wipe(&call);
    return call_end(&call);
}
