/* Formatting: in one call (C_InitToken), or in steps (ETC_InitTokenInit to ETC_InitTokenFinal). */

#include <string.h>
#include <unistd.h>

#include "etoken.h"

static bool guarded(const struct slot *slot)
{
    CK_BYTE key[KEY_LENGTH];

    return setting_hex(slot, "start.key", key, sizeof key) > 0;
}

static CK_RV formattable(const struct call *call)
{
    return setting_yes(call->slot, "format") ? CKR_OK : CKR_FUNCTION_NOT_SUPPORTED;
}

/* C_InitToken asks for no old password: what guards a classic eToken is the start key, which this
   way cannot be given (Hard Token Management Framework: no SO PIN required). */
bool etoken_init_token(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    call->rv = formattable(call);
    if (call->rv == CKR_OK && guarded(call->slot))
        call->rv = etoken_refuse(call, "start.key.rv", ETCKR_STARTKEY_INCORRECT);
    if (call->rv == CKR_OK)
        call->rv = pin_allowed(call, "so", pin, length);
    if (call->rv == CKR_OK)
        pin_store(call, "so", pin, length);
    return true;
}

void etoken_formatted(struct call *call)
{
    if (!state_begin(call))
        return;
    etoken_policy_begin(call);
    etoken_policy_adopt(call);
    set_number(call->slot, "unlock.count", 0);
    state_commit(call);
}

/* 32 letters padded with blanks, or fewer that end with a zero byte: callers do either. */
static size_t label_length(const CK_UTF8CHAR *label)
{
    size_t length = strnlen((const char *)label, LABEL_LENGTH);

    while (length && label[length - 1] == ' ')
        length--;
    return length;
}

static CK_RV allowed(struct call *call, const CK_BYTE *pin, CK_ULONG length, CK_ULONG retries,
                     const CK_UTF8CHAR *label, const CK_SESSION_HANDLE *session)
{
    CK_RV rv = formattable(call);

    if (rv == CKR_OK && (!label || !session))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && slot_has_sessions(call->slot))
        rv = CKR_SESSION_EXISTS;
    if (rv == CKR_OK)
        rv = etoken_retries(retries);
    /* An administrator is a choice; ETCKA_HAS_SO tells. */
    return rv == CKR_OK && pin && length ? pin_allowed(call, "so", pin, length) : rv;
}

static void plan(struct call *call, const CK_BYTE *pin, CK_ULONG length, CK_ULONG retries,
                 const CK_UTF8CHAR *label, CK_SESSION_HANDLE session)
{
    if (!state_begin(call))
        return;
    etoken_plan_begin(call);
    set_number(call->slot, "new.process", (long)getpid());
    set_number(call->slot, "new.session", (long)session);
    set_text(call->slot, "new.label", label, label_length(label));
    set_text(call->slot, "new.so.pin", pin, pin ? length : 0);
    set_number(call->slot, "new.so.tries.max", (long)retries);
    state_commit(call);
}

CK_RV ETC_InitTokenInit(CK_SLOT_ID id, CK_UTF8CHAR *pin, CK_ULONG length, CK_ULONG retries,
                        CK_UTF8CHAR *label, CK_SESSION_HANDLE *session)
{
    struct call call;

    etoken_forget();
    if (vendor_call_on_slot(&call, "ETC_InitTokenInit", id)) {
        length = text_length(pin, length);
        call.rv = allowed(&call, pin, length, retries, label, session);
        if (call.rv == CKR_OK)
            call.rv = session_open(call.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, session);
        if (call.rv == CKR_OK)
            plan(&call, pin, length, retries, label, *session);
    }
    return call_end(&call);
}

CK_RV ETC_InitTokenFinal(CK_SESSION_HANDLE session)
{
    struct call call;

    if (etoken_call(&call, "ETC_InitTokenFinal", session)) {
        if (!etoken_planning(&call))
            call.rv = CKR_OPERATION_NOT_INITIALIZED;
        else if (guarded(call.slot) && !setting_yes(call.slot, "new.start.known"))
            call.rv = etoken_refuse(&call, "start.key.rv", ETCKR_STARTKEY_INCORRECT);
        if (call.rv == CKR_OK)
            call.rv = format_slot(call.slot);
        if (call.rv == CKR_OK)
            etoken_plan_adopt(&call);
    }
    return call_end(&call);
}
