/* What a token is to become: said step by step in the session of a format, kept in the settings
   `new.*`, and in force when the last step is done. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto.h"
#include "etoken.h"

enum { START_KEY_LENGTH = 16 }; /* MD5 of the start key's text */

static const char *const planned[] = {
    "new.session", "new.process", "new.label", "new.so.pin", "new.so.tries.max", "new.user.pin",
    "new.user.tries.max", "new.user.change", "new.start.key", "new.start.known",
    "new.cache.private", "new.2ndauth.create",
};

void etoken_plan_begin(struct call *call)
{
    if (!state_begin(call))
        return;
    for (size_t i = 0; i < sizeof planned / sizeof *planned; i++)
        set_default(call->slot, planned[i]);
    etoken_policy_begin(call);
    state_commit(call);
}

bool etoken_planning(const struct call *call)
{
    return setting_number(call->slot, "new.process") == (long)getpid()
           && setting_number(call->slot, "new.session") == (long)call->session.handle;
}

/* The key that guards a format: OLDKEY is the present one, NEWKEY what it becomes. */
static CK_RV start_key(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    const CK_ATTRIBUTE *label = attribute_of(wanted, count, CKA_LABEL);
    const CK_ATTRIBUTE *value = attribute_of(wanted, count, CKA_VALUE);
    CK_BYTE right[START_KEY_LENGTH];

    if (!label || label->ulValueLen != 6 || !value || value->ulValueLen != START_KEY_LENGTH)
        return CKR_TEMPLATE_INCONSISTENT;
    if (!memcmp(label->pValue, "NEWKEY", 6)) {
        set_hex(call->slot, "new.start.key", value->pValue, value->ulValueLen);
        return CKR_OK;
    }
    if (memcmp(label->pValue, "OLDKEY", 6))
        return CKR_TEMPLATE_INCONSISTENT;
    if (setting_hex(call->slot, "start.key", right, sizeof right) != sizeof right
        || !same_bytes(right, sizeof right, value->pValue, value->ulValueLen))
        return etoken_refuse(call, "start.key.rv", ETCKR_STARTKEY_INCORRECT);
    etoken_set_yes(call->slot, "new.start.known", true);
    return CKR_OK;
}

static CK_RV number(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count,
                    CK_ATTRIBUTE_TYPE type, const char *key)
{
    if (!attribute_of(wanted, count, type))
        return CKR_TEMPLATE_INCONSISTENT;
    set_number(call->slot, key, (long)ulong_of(wanted, count, type, 0));
    return CKR_OK;
}

static CK_RV feature(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    switch (ulong_of(wanted, count, CKA_HW_FEATURE_TYPE, 0)) {
    case ETCKH_PIN_POLICY:
        return etoken_policy_put(call, "new", wanted, count);
    case ETCKH_PRIVATE_CACHING:
        return number(call, wanted, count, ETCKA_CACHE_PRIVATE, "new.cache.private");
    case ETCKH_2NDAUTH:
        return number(call, wanted, count, ETCKA_2NDAUTH_CREATE, "new.2ndauth.create");
    case ETCKH_TOKEN_OBJECT: /* RSA-2048, FIPS and the like: the simulated token has one kind */
        return CKR_OK;
    default:
        return CKR_TEMPLATE_INCONSISTENT;
    }
}

/* C_CreateObject in the session of a format; everywhere else it is SoftHSM's. */
bool etoken_create(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE *object)
{
    CK_OBJECT_CLASS class = ulong_of(wanted, count, CKA_CLASS, CKO_CERTIFICATE);
    bool is_key = class == CKO_SECRET_KEY;

    if (!etoken_planning(call))
        return false;
    if (!object || (!is_key && class != CKO_HW_FEATURE)) {
        call->rv = object ? CKR_TEMPLATE_INCONSISTENT : CKR_ARGUMENTS_BAD;
        return true;
    }
    if (!state_begin(call))
        return true;
    CK_RV rv = is_key ? start_key(call, wanted, count) : feature(call, wanted, count);
    state_commit(call);
    *object = etoken_object(ulong_of(wanted, count, CKA_HW_FEATURE_TYPE, 0));
    call->rv = rv == CKR_OK ? call->rv : rv;
    return true;
}

static void adopt_text(struct slot *slot, const char *from, const char *to)
{
    CK_BYTE text[PASSWORD_MOST];
    long length = setting_text(slot, from, text, sizeof text);

    set_text(slot, to, text, (size_t)(length < 0 ? 0 : length));
}

static void adopt_pin(struct call *call, const char *who)
{
    char from[32], to[32];

    snprintf(from, sizeof from, "new.%s.tries.max", who);
    snprintf(to, sizeof to, "%s.tries.max", who);
    set_number(call->slot, to, setting_number(call->slot, from));
    snprintf(from, sizeof from, "new.%s.pin", who);
    snprintf(to, sizeof to, "%s.pin", who);
    adopt_text(call->slot, from, to);
    snprintf(to, sizeof to, "%s.history", who);
    set_default(call->slot, to);
    pin_unlock(call, who);
}

void etoken_plan_adopt(struct call *call)
{
    struct slot *slot = call->slot;

    if (!state_begin(call))
        return;
    adopt_text(slot, "new.label", "label");
    adopt_pin(call, "so");
    adopt_pin(call, "user");
    etoken_set_yes(slot, "user.change", setting_yes(slot, "new.user.change"));
    etoken_set_yes(slot, "initialized", true);
    set_number(slot, "cache.private", setting_number(slot, "new.cache.private"));
    set_number(slot, "2ndauth.create", setting_number(slot, "new.2ndauth.create"));
    set_number(slot, "unlock.count", 0);
    if (*setting(slot, "new.start.key"))
        adopt_text(slot, "new.start.key", "start.key");
    etoken_policy_adopt(call);
    etoken_plan_begin(call);
    state_commit(call);
}
