/* The token's own objects of class CKO_HW_FEATURE: what it is and how it stands, its policy. Anyone
   may read them without a login, as Hard Token Management Framework does. */

#include <string.h>

#include "etoken.h"

static const CK_ULONG features[] = {
    ETCKH_TOKEN_OBJECT, ETCKH_PIN_POLICY, ETCKH_PRIVATE_CACHING, ETCKH_2NDAUTH,
};
enum { FEATURES = sizeof features / sizeof *features };

/* The last byte of a feature's number is its own. */
CK_OBJECT_HANDLE etoken_object(CK_ULONG feature)
{
    return VENDOR_OBJECT + (feature & 0xFF);
}

static CK_ULONG feature_of(CK_OBJECT_HANDLE object)
{
    for (int i = 0; i < FEATURES; i++)
        if (object == etoken_object(features[i]))
            return features[i];
    return 0;
}

/* Tokens of early drivers have no policy object (help of SafeNet Authentication Client 8). */
static bool has(const struct slot *slot, CK_ULONG feature)
{
    return setting_yes(slot, "features")
           && (feature != ETCKH_PIN_POLICY || setting_yes(slot, "policy.object"));
}

bool etoken_find(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    CK_ULONG class = ulong_of(wanted, count, CKA_CLASS, 0);
    CK_ULONG feature = ulong_of(wanted, count, CKA_HW_FEATURE_TYPE, 0);

    if (class != CKO_HW_FEATURE)
        return false;
    for (int i = 0; i < FEATURES; i++)
        if ((!feature || feature == features[i]) && has(call->slot, features[i]))
            call->session.found[call->session.found_count++] = etoken_object(features[i]);
    return true;
}

/* How an attribute of the token object comes of the settings. */
enum form { TEXT, NUMBER, YES, TRIES, IS_SET };

static const struct { CK_ATTRIBUTE_TYPE type; enum form form; const char *key; } token_attributes[] = {
    { ETCKA_PRODUCT_NAME, TEXT, "token.product" },
    { ETCKA_MODEL, TEXT, "token.model" },
    { ETCKA_CASE_MODEL, NUMBER, "token.case" },
    { ETCKA_CARD_TYPE, NUMBER, "token.card" },
    { ETCKA_FORMAT_VERSION, NUMBER, "token.format" },
    { ETCKA_RETRY_USER, TRIES, "user" },
    { ETCKA_RETRY_SO, TRIES, "so" },
    { ETCKA_RETRY_USER_MAX, NUMBER, "user.tries.max" },
    { ETCKA_RETRY_SO_MAX, NUMBER, "so.tries.max" },
    { ETCKA_USER_PIN_INITIALIZED, IS_SET, "user" },
    { ETCKA_HAS_USER, IS_SET, "user" },
    { ETCKA_HAS_SO, IS_SET, "so" },
    { ETCKA_MAY_INIT, YES, "format" },
    { ETCKA_UNBLOCK_SUPPORTED, YES, "unlock.supported" },
    { ETCKA_UNLOCK_MAX, NUMBER, "unlock.max" },
};

static CK_RV by_form(struct slot *slot, enum form form, const char *key, CK_ATTRIBUTE *attribute)
{
    CK_BYTE text[PASSWORD_MOST];
    long length;

    switch (form) {
    case NUMBER:
        return give_ulong(attribute, (CK_ULONG)setting_number(slot, key));
    case YES:
        return give_bool(attribute, setting_yes(slot, key));
    case TRIES:
        return give_ulong(attribute, (CK_ULONG)pin_tries(slot, key));
    case IS_SET:
        return give_bool(attribute, pin_is_set(slot, key));
    default:
        length = setting_text(slot, key, text, sizeof text);
        return give_bytes(attribute, text, (size_t)(length < 0 ? 0 : length));
    }
}

/* Whether the number is what was used or what is left is not public. */
static CK_ULONG unlocks_told(const struct slot *slot)
{
    long used = setting_number(slot, "unlock.count"), most = setting_number(slot, "unlock.max");

    return (CK_ULONG)(setting_yes(slot, "unlock.count.left") ? most - used : used);
}

static CK_ULONG memory_free(const struct slot *slot)
{
    CK_ULONG most = (CK_ULONG)setting_number(slot, "memory"), used = memory_used(slot);

    return most > used ? most - used : 0;
}

static CK_RV of_token(struct slot *slot, CK_ATTRIBUTE *attribute)
{
    if (attribute->type == ETCKA_UNLOCK_COUNT)
        return give_ulong(attribute, unlocks_told(slot));
    if (attribute->type == ETCKA_FREE_MEMORY)
        return give_ulong(attribute, memory_free(slot));
    for (size_t i = 0; i < sizeof token_attributes / sizeof *token_attributes; i++)
        if (token_attributes[i].type == attribute->type)
            return by_form(slot, token_attributes[i].form, token_attributes[i].key, attribute);
    return CKR_ATTRIBUTE_TYPE_INVALID;
}

static CK_RV of_policy(struct slot *slot, CK_ATTRIBUTE *attribute)
{
    switch (attribute->type) {
    case CKA_MODIFIABLE:
        return give_bool(attribute, setting_yes(slot, "policy.modifiable"));
    case ETCKA_OWNER:
        return give_ulong(attribute, (CK_ULONG)setting_number(slot, "policy.owner"));
    case ETCKA_PIN_POLICY_TYPE:
        return give_ulong(attribute, ETCKPT_GENERAL_PIN_POLICY);
    default:
        return etoken_policy_get(slot, attribute);
    }
}

static CK_RV of_feature(struct slot *slot, CK_ULONG feature, CK_ATTRIBUTE *attribute)
{
    if (attribute->type == CKA_CLASS)
        return give_ulong(attribute, CKO_HW_FEATURE);
    if (attribute->type == CKA_HW_FEATURE_TYPE)
        return give_ulong(attribute, feature);
    if (feature == ETCKH_TOKEN_OBJECT)
        return of_token(slot, attribute);
    if (feature == ETCKH_PIN_POLICY)
        return of_policy(slot, attribute);
    if (feature == ETCKH_PRIVATE_CACHING && attribute->type == ETCKA_CACHE_PRIVATE)
        return give_ulong(attribute, (CK_ULONG)setting_number(slot, "cache.private"));
    if (feature == ETCKH_2NDAUTH && attribute->type == ETCKA_2NDAUTH_CREATE)
        return give_ulong(attribute, (CK_ULONG)setting_number(slot, "2ndauth.create"));
    return CKR_ATTRIBUTE_TYPE_INVALID;
}

CK_RV etoken_get_attribute(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute)
{
    CK_ULONG feature = feature_of(object);
    CK_RV rv;

    if (!feature || !has(call->slot, feature))
        return CKR_OBJECT_HANDLE_INVALID;
    rv = of_feature(call->slot, feature, attribute);
    return rv == CKR_ATTRIBUTE_TYPE_INVALID ? etoken_rv(call, "attribute.absent.rv") : rv;
}

/* Only the policy, only where it may be changed, and only by its owner. */
bool etoken_set_attributes(struct call *call, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *wanted,
                           CK_ULONG count)
{
    CK_STATE owner = (CK_ULONG)setting_number(call->slot, "policy.owner") == CKU_SO
                         ? CKS_RW_SO_FUNCTIONS
                         : CKS_RW_USER_FUNCTIONS;

    if (feature_of(object) != ETCKH_PIN_POLICY || !setting_yes(call->slot, "policy.modifiable"))
        return false;
    if (!(call->session.flags & CKF_RW_SESSION))
        call->rv = CKR_SESSION_READ_ONLY;
    else if (login_state(call->slot) != owner)
        call->rv = CKR_USER_NOT_LOGGED_IN;
    else
        call->rv = etoken_policy_put(call, "user", wanted, count);
    return true;
}
