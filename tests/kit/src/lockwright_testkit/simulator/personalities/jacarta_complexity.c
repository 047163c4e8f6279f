/* How the PKI applet was personalised, and how it is to be when it is initialised again. */

#include <string.h>

#include "jacarta_functions.h"

/* The fields that mean something here, and the settings they are; a byte each. */
static const struct field {
    size_t place;
    const char *key;
    bool yes; /* a switch, not a number */
} fields[] = {
#define FIELD(name, key, yes) { offsetof(JC_PKI_PERSONALIZATION_INFO, name), key, yes }
    FIELD(UserMaxAttempts, "user.tries.max", false),
    FIELD(UserMaxUnblock, "user.unblocks.max", false),
    FIELD(AdminMaxAttempts, "so.tries.max", false),
    FIELD(UserMinChars, "user.policy.min", false),
    FIELD(UserMaxChars, "user.policy.max", false),
    FIELD(UserMinAlphaChars, "user.policy.alpha", false),
    FIELD(UserMinLowerChars, "user.policy.lower", false),
    FIELD(UserMinUpperChars, "user.policy.upper", false),
    FIELD(UserMinDigits, "user.policy.digits", false),
    FIELD(UserMinNonAlphaChars, "user.policy.nonalpha", false),
    FIELD(UserPinHistorySize, "user.policy.history", false),
    FIELD(UserMaxRepeatingPin, "user.policy.repeat", false),
    FIELD(UserMaxSequencePin, "user.policy.sequence", false),
    FIELD(AdminMinChars, "so.policy.min", false),
    FIELD(AdminMaxChars, "so.policy.max", false),
    FIELD(AdminMinAlphaChars, "so.policy.alpha", false),
    FIELD(AdminMinLowerChars, "so.policy.lower", false),
    FIELD(AdminMinUpperChars, "so.policy.upper", false),
    FIELD(AdminMinDigits, "so.policy.digits", false),
    FIELD(AdminMinNonAlphaChars, "so.policy.nonalpha", false),
    FIELD(AdminMaxRepeatingPin, "so.policy.repeat", false),
    FIELD(AdminMaxSequencePin, "so.policy.sequence", false),
    FIELD(AllowCardWipe, "wipe.allowed", true),
    FIELD(UserMustChangeAfterUnlock, "change.after.unlock", true),
#undef FIELD
};

enum { FIELD_COUNT = sizeof fields / sizeof *fields };

/* The parameters in force. What means nothing here is kept as it was set. */
static JC_PKI_PERSONALIZATION_INFO in_force(const struct slot *slot)
{
    JC_PKI_PERSONALIZATION_INFO info = { .UserPinType = JC_PKI_AUTHTYPE_PIN };
    CK_BYTE key[KEY_SIZE], *byte = (CK_BYTE *)&info;

    setting_hex(slot, "complexity", byte, sizeof info);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        byte[fields[i].place] = fields[i].yes
                                    ? (CK_BYTE)setting_yes(slot, fields[i].key)
                                    : (CK_BYTE)setting_number(slot, fields[i].key);
    info.IsPersonalized = setting_yes(slot, "initialized");
    info.AdminIsChalResp = pki_admin_key(slot, key);
    info.NewAdminPinLength = 0;
    memset(info.NewAdminPin, 0, sizeof info.NewAdminPin);
    return info;
}

/* The parameters that wait for the applet's initialisation. The new PIN among them has a setting of
   its own, which is not shown. */
static bool waiting(const struct slot *slot, JC_PKI_PERSONALIZATION_INFO *info)
{
    const size_t size = offsetof(JC_PKI_PERSONALIZATION_INFO, NewAdminPinLength);
    long length;

    memset(info, 0, sizeof *info);
    if (setting_hex(slot, "complexity.waiting", (CK_BYTE *)info, size) != (long)size)
        return false;
    length = setting_hex(slot, "waiting.pin", info->NewAdminPin, sizeof info->NewAdminPin);
    info->NewAdminPinLength = (CK_BYTE)(length > 0 ? length : 0);
    return true;
}

CK_RV JC_PKI_GetComplexity(CK_SLOT_ID id, JC_PKI_PERSONALIZATION_INFO *info)
{
    struct call call;
    CK_BYTE tells[16] = "";

    if (jacarta_call(&call, "JC_PKI_GetComplexity", id, &jacarta_pki)) {
        setting_text(call.slot, "complexity.tells", tells, sizeof tells - 1);
        if (!info)
            call.rv = CKR_ARGUMENTS_BAD;
        else if (strcmp((const char *)tells, "waiting") || !waiting(call.slot, info))
            *info = in_force(call.slot);
    }
    return call_end(&call);
}

CK_RV JC_PKI_SetComplexity(CK_SLOT_ID id, JC_PKI_PERSONALIZATION_INFO *info)
{
    struct call call;

    if (jacarta_call(&call, "JC_PKI_SetComplexity", id, &jacarta_pki)) {
        if (!info || info->NewAdminPinLength > sizeof info->NewAdminPin)
            call.rv = CKR_ARGUMENTS_BAD;
        else if (state_begin(&call)) {
            set_hex(call.slot, "complexity.waiting", (const CK_BYTE *)info,
                    offsetof(JC_PKI_PERSONALIZATION_INFO, NewAdminPinLength));
            set_hex(call.slot, "waiting.pin", info->NewAdminPin, info->NewAdminPinLength);
            state_commit(&call);
        }
    }
    return call_end(&call);
}

/* The administrator as a key, or as a PIN; a new secret if there is one, else the old one. */
static void take_admin(struct slot *slot, const JC_PKI_PERSONALIZATION_INFO *info)
{
    CK_BYTE secret[KEY_SIZE];
    size_t length = info->NewAdminPinLength;
    bool key = pki_admin_key(slot, secret);

    if (length) {
        memset(secret, 0, sizeof secret);
        memcpy(secret, info->NewAdminPin, length);
    } else if (key == !!info->AdminIsChalResp) {
        return;
    } else if (!key) {
        long text = setting_text(slot, "so.pin", secret, sizeof secret);
        length = text > 0 ? (size_t)text : 0;
    } else {
        length = sizeof secret;
        while (length && !secret[length - 1])
            length--;
    }
    if (info->AdminIsChalResp) {
        set_hex(slot, "admin.key", secret, sizeof secret);
        return;
    }
    set_hex(slot, "admin.key", secret, 0);
    set_text(slot, "so.pin", secret, length);
}

static void take_fields(struct slot *slot, const JC_PKI_PERSONALIZATION_INFO *info)
{
    const CK_BYTE *byte = (const CK_BYTE *)info;

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        CK_BYTE value = byte[fields[i].place];
        if (fields[i].yes)
            set_text(slot, fields[i].key, (const CK_BYTE *)(value ? "yes" : "no"), value ? 3 : 2);
        else
            set_number(slot, fields[i].key, value);
    }
    set_hex(slot, "complexity", byte, offsetof(JC_PKI_PERSONALIZATION_INFO, NewAdminPinLength));
}

void pki_formatted(struct call *call)
{
    JC_PKI_PERSONALIZATION_INFO info;

    if (!state_begin(call))
        return;
    if (waiting(call->slot, &info)) {
        take_fields(call->slot, &info);
        take_admin(call->slot, &info);
        set_default(call->slot, "complexity.waiting");
        set_default(call->slot, "waiting.pin");
    }
    set_default(call->slot, "user.unblocks");
    set_default(call->slot, "so.tries");
    state_commit(call);
}
