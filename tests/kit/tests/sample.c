/* A personality for the tests of the base: every hook and helper once. */

#include <string.h>

#include "crypto.h"

#define CKR_CANNOT_UNLOCK (CKR_VENDOR_DEFINED | 0x16)
#define CKU_PUK 0x80000001UL
#define CKU_ANSWER 0x80000002UL
#define SAMPLE_TRIES 0x80000010UL
#define SAMPLE_NOTE 0x80000011UL
#define SAMPLE_MODEL 0x80000012UL

enum { THE_OBJECT = VENDOR_OBJECT + 1 };

static const struct setting settings[] = {
    { "model", "Sample" }, { "library.description", "Sample's module" }, { "puk.pin", "" },
    { "puk.tries", "" },   { "puk.tries.max", "2" }, { "admin.key", "" }, { "note", "0" },
    { "formats", "0" },    { "user.tries.max", "3" }, { NULL, NULL },
};

extern const struct personality sample;

static void token_info(struct slot *slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    info->ulMaxSessionCount = 77;
}

static bool keeps_challenge(const struct call *call)
{
    return !strcmp(call->name, "SA_Complete") || !strcmp(call->name, "C_Login")
           || challenge_kept_usually(call);
}

static CK_RV pin_refusal(struct call *call, const char *who, unsigned broken)
{
    (void)call;
    (void)who;
    return CKR_VENDOR_DEFINED | broken;
}

/* The answer to the pending challenge, as the administrator's key gives it. */
static CK_RV judge(struct call *call, const CK_BYTE *answer, CK_ULONG length)
{
    CK_BYTE challenge[8], key[24], right[8];
    CK_RV rv;

    if (challenge_take(call, challenge, sizeof challenge) != sizeof challenge
        || setting_hex(call->slot, "admin.key", key, sizeof key) != sizeof key)
        return CKR_CANNOT_UNLOCK;
    rv = des3_encrypt(call->slot, key, challenge, sizeof challenge, right);
    if (rv != CKR_OK)
        return rv;
    return pin_verdict(call, "so", same_bytes(right, sizeof right, answer, length));
}

static bool login(struct call *call, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length)
{
    if (user == CKU_PUK)
        call->rv = pin_verify(call, "puk", pin, length);
    else if (user == CKU_ANSWER)
        call->rv = judge(call, pin, length);
    else
        return false;
    if (call->rv == CKR_OK)
        call->rv = login_as(call, CKU_SO);
    return true;
}

static void formatted(struct call *call)
{
    if (!state_begin(call))
        return;
    set_number(call->slot, "formats", setting_number(call->slot, "formats") + 1);
    state_commit(call);
}

static bool find(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    if (ulong_of(wanted, count, CKA_CLASS, 0) != CKO_HW_FEATURE)
        return false;
    call->session.found[0] = THE_OBJECT;
    call->session.found_count = 1;
    return true;
}

static CK_RV get_attribute(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute)
{
    if (object != THE_OBJECT)
        return CKR_OBJECT_HANDLE_INVALID;
    switch (attribute->type) {
    case SAMPLE_TRIES:
        return give_ulong(attribute, (CK_ULONG)pin_tries(call->slot, "user"));
    case SAMPLE_NOTE:
        return give_bool(attribute, setting_yes(call->slot, "note"));
    case SAMPLE_MODEL:
        return give_bytes(attribute, "Sample", 6);
    default:
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

static bool set_attributes(struct call *call, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *wanted,
                           CK_ULONG count)
{
    bool note = bool_of(wanted, count, SAMPLE_NOTE, false);

    if (object != THE_OBJECT || !attribute_of(wanted, count, SAMPLE_NOTE) || !state_begin(call))
        return false;
    set_text(call->slot, "note", (const CK_BYTE *)(note ? "yes" : "no"), note ? 3 : 2);
    state_commit(call);
    return true;
}

const struct personality sample = {
    .name = "sample",
    .settings = settings,
    .token_info = token_info,
    .keeps_challenge = keeps_challenge,
    .pin_refusal = pin_refusal,
    .login = login,
    .formatted = formatted,
    .find = find,
    .get_attribute = get_attribute,
    .set_attributes = set_attributes,
};

EXPORT CK_RV SA_Challenge(CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length);
EXPORT CK_RV SA_Complete(CK_SLOT_ID id, CK_BYTE *answer, CK_ULONG answer_length, CK_BYTE *pin,
                         CK_ULONG length);
EXPORT CK_RV SA_SetShortest(CK_SLOT_ID id, CK_BYTE *so_pin, CK_ULONG length, CK_ULONG shortest);
EXPORT CK_RV SA_ChangePuk(CK_SLOT_ID id, CK_BYTE *old, CK_ULONG old_length, CK_BYTE *puk,
                          CK_ULONG length);
EXPORT CK_RV SA_SetLabel(CK_SLOT_ID id, CK_BYTE *label, CK_ULONG length);
EXPORT CK_RV SA_Digest(CK_SESSION_HANDLE session, CK_ULONG mechanism, CK_BYTE *data,
                       CK_ULONG length, CK_BYTE *result);

CK_RV SA_Challenge(CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length)
{
    struct call call;
    CK_BYTE drawn[8];

    if (vendor_call_on_slot(&call, "SA_Challenge", id)) {
        call.rv = give_output("", sizeof drawn, NULL, length);
        if (call.rv == CKR_OK && challenge)
            call.rv = challenge_open(&call, drawn, sizeof drawn);
        if (call.rv == CKR_OK && challenge)
            call.rv = give_output(drawn, sizeof drawn, challenge, length);
    }
    return call_end(&call);
}

CK_RV SA_Complete(CK_SLOT_ID id, CK_BYTE *answer, CK_ULONG answer_length, CK_BYTE *pin,
                  CK_ULONG length)
{
    struct call call;

    if (vendor_call_on_slot(&call, "SA_Complete", id)) {
        call.rv = pin_allowed(&call, "user", pin, text_length(pin, length));
        if (call.rv == CKR_OK)
            call.rv = judge(&call, answer, answer_length);
        if (call.rv == CKR_OK)
            pin_store(&call, "user", pin, text_length(pin, length));
    }
    return call_end(&call);
}

CK_RV SA_SetShortest(CK_SLOT_ID id, CK_BYTE *so_pin, CK_ULONG length, CK_ULONG shortest)
{
    struct call call;

    if (vendor_call_on_slot(&call, "SA_SetShortest", id)) {
        call.rv = pin_verify(&call, "so", so_pin, text_length(so_pin, length));
        if (call.rv == CKR_OK && state_begin(&call)) {
            set_number(call.slot, "user.policy.min", (long)shortest);
            state_commit(&call);
        }
    }
    return call_end(&call);
}

CK_RV SA_ChangePuk(CK_SLOT_ID id, CK_BYTE *old, CK_ULONG old_length, CK_BYTE *puk,
                   CK_ULONG length)
{
    struct call call;

    if (vendor_call_on_slot(&call, "SA_ChangePuk", id)) {
        call.rv = length < 4 ? CKR_PIN_LEN_RANGE : pin_verify(&call, "puk", old, old_length);
        if (call.rv == CKR_OK && state_begin(&call)) {
            set_text(call.slot, "puk.pin", puk, length);
            state_commit(&call);
        }
    }
    return call_end(&call);
}

CK_RV SA_SetLabel(CK_SLOT_ID id, CK_BYTE *label, CK_ULONG length)
{
    struct call call;

    if (vendor_call_on_slot(&call, "SA_SetLabel", id)) {
        if (login_state(call.slot) != CKS_RW_USER_FUNCTIONS)
            call.rv = CKR_USER_NOT_LOGGED_IN;
        else if (state_begin(&call)) {
            set_text(call.slot, "label", label, length);
            state_commit(&call);
        }
    }
    return call_end(&call);
}

#ifndef WITHOUT_DIGEST
CK_RV SA_Digest(CK_SESSION_HANDLE session, CK_ULONG mechanism, CK_BYTE *data, CK_ULONG length,
                CK_BYTE *result)
{
    struct call call;

    if (vendor_call_on_session(&call, "SA_Digest", session)) {
        session_device_error(&call, 0x123);
        call.rv = digest(call.slot, mechanism, data, length, result);
    }
    return call_end(&call);
}
#endif
