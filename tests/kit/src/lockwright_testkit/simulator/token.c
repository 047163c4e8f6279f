/* C_InitToken, and what a token says of itself. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

CK_RV format_slot(struct slot *slot)
{
    CK_RV rv;

    slot->real->C_CloseAllSessions(slot->real_slot);
    rv = library_format(slot);
    if (!sessions_renew(slot) && rv == CKR_OK)
        rv = CKR_DEVICE_ERROR;
    return rv;
}

static void make_new(struct call *call, const CK_UTF8CHAR *label)
{
    size_t length = 32;

    if (!state_begin(call))
        return;
    while (length && label[length - 1] == ' ')
        length--;
    set_text(call->slot, "label", label, length);
    change(call->device, call->slot->index, "initialized", "yes");
    change(call->device, call->slot->index, "user.pin", "");
    set_default(call->slot, "user.tries");
    set_default(call->slot, "user.history");
    set_default(call->slot, "user.change");
    state_commit(call);
}

static CK_RV init_token(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    CK_RV rv;

    if (setting_yes(call->slot, "initialized") && pin_is_set(call->slot, "so"))
        return pin_verify(call, "so", pin, length);
    rv = pin_allowed(call, "so", pin, length);
    if (rv == CKR_OK)
        pin_store(call, "so", pin, length);
    return rv;
}

CK_RV C_InitToken(CK_SLOT_ID id, CK_BYTE *pin, CK_ULONG length, CK_UTF8CHAR *label)
{
    struct call call;
    CK_BYTE typed[PIN_MOST];

    if (!call_on_slot(&call, I_C_InitToken, id))
        return call_end(&call);
    const struct personality *personality = call_personality(&call);
    device_hold(call.device);
    call.rv = pad_asked(&call, "so", typed, &pin, &length);
    if (call.rv != CKR_OK)
        ;
    else if (!pin || !label)
        call.rv = CKR_ARGUMENTS_BAD;
    else if (setting_yes(call.slot, "write.protected"))
        call.rv = CKR_TOKEN_WRITE_PROTECTED;
    else if (slot_has_sessions(call.slot))
        call.rv = CKR_SESSION_EXISTS;
    else if (!personality->init_token || !personality->init_token(&call, pin, length))
        call.rv = init_token(&call, pin, length);
    if (call.rv == CKR_OK)
        call.rv = format_slot(call.slot);
    if (call.rv == CKR_OK)
        make_new(&call, label);
    if (call.rv == CKR_OK && personality->formatted)
        personality->formatted(&call);
    device_let_go(call.device);
    return call_end(&call);
}

static CK_VERSION version_of(const struct slot *slot, const char *key)
{
    unsigned major = 0, minor = 0;

    sscanf(setting(slot, key), "%u.%u", &major, &minor);
    return (CK_VERSION){ (CK_BYTE)major, (CK_BYTE)minor };
}

/* PKCS#11 v2.40, section 3.2, CK_TOKEN_INFO: a wrong PIN was entered since the last right one.
   Vendors have a habit of telling it later, and alone; `tries.low` is then the tries left. */
static bool is_low(const struct slot *slot, const char *who, long tries, bool last)
{
    long from = setting_number(slot, "tries.low");
    char key[64];

    if (tries >= setting_number(slot, strcat(strcpy(key, who), ".tries.max")))
        return false;
    return !from || (!last && tries <= from);
}

static CK_FLAGS pin_flags(const struct slot *slot, const char *who, int shift)
{
    long tries = pin_tries(slot, who);
    bool locked = tries <= 0, last = tries == 1;
    CK_FLAGS flags = 0;
    char key[64];

    if (setting_yes(slot, strcat(strcpy(key, who), ".lingers")))
        last = !locked;
    if (locked)
        flags = CKF_USER_PIN_LOCKED;
    else if (last)
        flags = CKF_USER_PIN_FINAL_TRY;
    if (is_low(slot, who, tries, locked || last))
        flags |= CKF_USER_PIN_COUNT_LOW;
    if (setting_yes(slot, strcat(strcpy(key, who), ".change")))
        flags |= CKF_USER_PIN_TO_BE_CHANGED;
    return flags << shift;
}

static CK_FLAGS token_flags(const struct slot *slot)
{
    CK_FLAGS flags = CKF_RNG;

    if (setting_yes(slot, "login.required"))
        flags |= CKF_LOGIN_REQUIRED;
    if (setting_yes(slot, "write.protected"))
        flags |= CKF_WRITE_PROTECTED;
    if (setting_yes(slot, "pad"))
        flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    if (setting_yes(slot, "initialized"))
        flags |= CKF_TOKEN_INITIALIZED;
    if (pin_is_set(slot, "user"))
        flags |= CKF_USER_PIN_INITIALIZED | pin_flags(slot, "user", 0);
    /* The SO's flags follow the user's, four bits higher. */
    return pin_is_set(slot, "so") ? flags | pin_flags(slot, "so", 4) : flags;
}

/* What the settings say; it changes when they do. */
static void fill(struct slot *slot, CK_TOKEN_INFO *info)
{
    setting_field(slot, "label", info->label, sizeof info->label);
    setting_field(slot, "manufacturer", info->manufacturerID, sizeof info->manufacturerID);
    setting_field(slot, "model", info->model, sizeof info->model);
    setting_field(slot, "serial", info->serialNumber, sizeof info->serialNumber);
    info->flags = token_flags(slot);
    info->ulMaxPinLen = (CK_ULONG)setting_number(slot, "user.policy.max");
    info->ulMinPinLen = (CK_ULONG)setting_number(slot, "user.policy.min");
    info->hardwareVersion = version_of(slot, "hardware");
    info->firmwareVersion = version_of(slot, "firmware");
    if (slot->personality->token_info)
        slot->personality->token_info(slot, info);
}

/* Under the lock of all processes, as a login is: SoftHSM reads the file that it rewrites. */
static void tell_anew(struct call *call)
{
    struct slot *slot = call->slot;
    CK_RV rv;

    if (!state_begin(call))
        return;
    rv = slot->real->C_GetTokenInfo(slot->real_slot, &slot->told);
    fill(slot, &slot->told);
    if (rv == CKR_OK)
        slot->told_of = atomic_load(&call->device->seen);
    state_commit(call);
    call->rv = call->rv == CKR_OK ? rv : call->rv;
}

CK_RV C_GetTokenInfo(CK_SLOT_ID id, CK_TOKEN_INFO *info)
{
    struct call call;

    if (!call_on_slot(&call, I_C_GetTokenInfo, id))
        return call_end(&call);
    if (!info) {
        call.rv = CKR_ARGUMENTS_BAD;
        return call_end(&call);
    }
    struct slot *slot = call.slot;
    device_hold(call.device);
    if (slot->told_of != atomic_load(&call.device->seen))
        tell_anew(&call);
    *info = slot->told;
    device_let_go(call.device);
    info->ulSessionCount = session_count(slot, 0);
    info->ulRwSessionCount = session_count(slot, CKF_RW_SESSION);
    memory_info(slot, info);
    return call_end(&call);
}
