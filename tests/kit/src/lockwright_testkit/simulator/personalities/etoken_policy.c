/* The policy as the vendor has it: an object whose attributes are rules, and problems as bits. */

#include <stdio.h>
#include <string.h>

#include "etoken.h"

/* The rules as settings: WHO and this. */
enum rule { MIN_LEN, MAX_LEN, MIX, MAX_AGE, MIN_AGE, WARN, HISTORY, REPEAT, DIGITS, UPPER, LOWER,
            SPECIAL, RULES };
static const char *const keys[RULES] = {
    "policy.min", "policy.max", "policy.kinds", "age.max", "policy.age", "age.warn",
    "policy.history", "policy.repeat", "policy.digits", "policy.upper", "policy.lower",
    "policy.special",
};

enum { AT_LEAST_3_RULES = 3 }; /* what SAC's dialog calls mixed characters */

/* How a rule is written: a number, one of three, or yes and no. */
enum form { PLAIN, CLASS, YES_NO };

static const struct { CK_ATTRIBUTE_TYPE type; enum rule rule; enum form form; } attributes[] = {
    { ETCKA_PIN_MIN_LEN, MIN_LEN, PLAIN },      { ETCKA_PIN_MIX_CHARS, MIX, YES_NO },
    { ETCKA_PIN_MAX_AGE, MAX_AGE, PLAIN },      { ETCKA_PIN_MIN_AGE, MIN_AGE, PLAIN },
    { ETCKA_PIN_WARN_PERIOD, WARN, PLAIN },     { ETCKA_PIN_HISTORY_SIZE, HISTORY, PLAIN },
    { ETCKA_PIN_MAX_REPEATED, REPEAT, PLAIN },  { ETCKA_PIN_NUMBERS, DIGITS, CLASS },
    { ETCKA_PIN_UPPER_CASE, UPPER, CLASS },     { ETCKA_PIN_LOWER_CASE, LOWER, CLASS },
    { ETCKA_PIN_SPECIAL, SPECIAL, CLASS },      { ETCKA_PIN_MIX_LEVEL, MIX, PLAIN },
    { ETCKA_PIN_MAX_LEN, MAX_LEN, PLAIN },
};
enum { ATTRIBUTES = sizeof attributes / sizeof *attributes };

/* The bits of a refused PIN: ETCKPP_... of the header. */
static const struct { unsigned broken; CK_ULONG bit; } problems[] = {
    { BROKEN_SHORT, 0x1 },        { BROKEN_KINDS, 0x2 },        { BROKEN_AGE, 0x8 },
    { BROKEN_HISTORY, 0x20 },     { BROKEN_REPEAT, 0x100 },     { FORBIDDEN_DIGITS, 0x200 },
    { FORBIDDEN_UPPER, 0x400 },   { FORBIDDEN_LOWER, 0x800 },   { FORBIDDEN_SPECIAL, 0x1000 },
    { BROKEN_DIGITS, 0x2000 },    { BROKEN_UPPER, 0x4000 },     { BROKEN_LOWER, 0x8000 },
    { BROKEN_SPECIAL, 0x10000 },  { BROKEN_LONG, 0x20000 },
};

static CK_ULONG problem_bits(unsigned broken)
{
    CK_ULONG bits = 0;

    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        bits |= broken & problems[i].broken ? problems[i].bit : 0;
    return bits;
}

CK_RV etoken_pin_refusal(struct call *call, const char *who, unsigned broken)
{
    (void)who;
    etoken_tell(INFO_PIN_POLICY, problem_bits(broken));
    if (call->session.handle)
        session_device_error(call, problem_bits(broken));
    return etoken_rv(call, broken & (BROKEN_SHORT | BROKEN_LONG) ? "pin.length.rv" : "pin.weak.rv");
}

CK_ULONG etoken_problems(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    return problem_bits(policy_broken(call, "user", pin, length));
}

static const char *key_of(const char *who, enum rule rule, char key[64])
{
    snprintf(key, 64, "%s.%s", who, keys[rule]);
    return key;
}

static void load(const struct slot *slot, const char *who, long rules[RULES])
{
    char key[64];

    for (int i = 0; i < RULES; i++)
        rules[i] = setting_number(slot, key_of(who, (enum rule)i, key));
}

CK_RV etoken_policy_get(struct slot *slot, CK_ATTRIBUTE *attribute)
{
    char key[64];

    for (int i = 0; i < ATTRIBUTES; i++) {
        long value;
        if (attributes[i].type != attribute->type)
            continue;
        value = setting_number(slot, key_of("user", attributes[i].rule, key));
        if (attributes[i].form == YES_NO)
            return give_bool(attribute, value >= AT_LEAST_3_RULES);
        if (attributes[i].form == CLASS) /* permitted 0, forbidden 1, mandatory 2 */
            value = value < 0 ? 1 : value > 0 ? 2 : 0;
        return give_ulong(attribute, (CK_ULONG)value);
    }
    return CKR_ATTRIBUTE_TYPE_INVALID;
}

/* One attribute's value as the base's rule. */
static CK_RV overlay(const CK_ATTRIBUTE *given, enum rule rule, enum form form, long rules[RULES])
{
    static const long class_rules[] = { 0, -1, 1 };
    CK_ULONG value = form == YES_NO ? bool_of(given, 1, given->type, false) : 0;

    value = ulong_of(given, 1, given->type, value);
    if (!given->pValue
        || (given->ulValueLen != sizeof value
            && (form != YES_NO || given->ulValueLen != sizeof(CK_BBOOL)))
        || (form == CLASS && value > 2) || value > 0xFFFF)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (form == CLASS)
        rules[rule] = class_rules[value];
    else
        rules[rule] = form == PLAIN ? (long)value : value ? AT_LEAST_3_RULES : 0;
    return CKR_OK;
}

static CK_RV unsound(CK_ULONG why)
{
    etoken_tell(INFO_EXTENSION, why);
    return CKR_ATTRIBUTE_VALUE_INVALID;
}

/* The header's names of ETCKR_PQ_... tell what must not be. */
static CK_RV sound(const long rules[RULES])
{
    int forbidden = (rules[DIGITS] < 0) + (rules[UPPER] < 0) + (rules[LOWER] < 0)
                    + (rules[SPECIAL] < 0);

    if (rules[MIN_LEN] > rules[MAX_LEN])
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (rules[WARN] && (!rules[MAX_AGE] || rules[WARN] > rules[MAX_AGE]))
        return unsound(ETCKR_PQ_AGE_WARN);
    if (rules[MAX_AGE] && rules[MIN_AGE] > rules[MAX_AGE])
        return unsound(ETCKR_PQ_AGE_MIN_MAX);
    if (forbidden == 4)
        return unsound(ETCKR_PQ_FORBIDDEN_ALL);
    return 4 - forbidden < rules[MIX] ? unsound(ETCKR_PQ_FORBIDDEN_MIX) : CKR_OK;
}

/* What says which object it is, and not what the rules are. */
static bool names_object(CK_ATTRIBUTE_TYPE type)
{
    return type == CKA_CLASS || type == CKA_HW_FEATURE_TYPE || type == ETCKA_PIN_POLICY_TYPE
           || type == CKA_MODIFIABLE || type == ETCKA_OWNER || type == CKA_TOKEN
           || type == CKA_PRIVATE;
}

static CK_RV overlay_all(const CK_ATTRIBUTE *wanted, CK_ULONG count, long rules[RULES])
{
    for (CK_ULONG i = 0; i < count; i++) {
        CK_RV rv = names_object(wanted[i].type) ? CKR_OK : CKR_ATTRIBUTE_TYPE_INVALID;
        for (int a = 0; a < ATTRIBUTES; a++)
            if (attributes[a].type == wanted[i].type)
                rv = overlay(&wanted[i], attributes[a].rule, attributes[a].form, rules);
        if (rv != CKR_OK)
            return rv;
    }
    return sound(rules);
}

static void store(struct call *call, const char *who, const long rules[RULES])
{
    char key[64];

    for (int i = 0; i < RULES; i++)
        if (rules[i] != setting_number(call->slot, key_of(who, (enum rule)i, key)))
            set_number(call->slot, key, rules[i]);
}

CK_RV etoken_policy_put(struct call *call, const char *who, const CK_ATTRIBUTE *wanted,
                        CK_ULONG count)
{
    long rules[RULES];
    CK_RV rv;

    if (!state_begin(call))
        return call->rv;
    load(call->slot, who, rules);
    rv = overlay_all(wanted, count, rules);
    if (rv == CKR_OK)
        store(call, who, rules);
    state_commit(call);
    return rv == CKR_OK ? call->rv : rv;
}

void etoken_policy_begin(struct call *call)
{
    char key[64];

    if (!state_begin(call))
        return;
    for (int i = 0; i < RULES; i++)
        set_default(call->slot, key_of("new", (enum rule)i, key));
    state_commit(call);
}

void etoken_policy_adopt(struct call *call)
{
    long rules[RULES];

    if (!state_begin(call))
        return;
    load(call->slot, "new", rules);
    store(call, "user", rules);
    etoken_policy_begin(call);
    state_commit(call);
}
