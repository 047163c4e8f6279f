/* PINs and their counters: what SoftHSM does not have. They live in the state alone; SoftHSM's own
   PINs never change, so that a right PIN opens it and nothing has to be kept in step. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto.h"
#include "sim.h"

static const char *key_of(const char *who, const char *what, char key[64])
{
    snprintf(key, 64, "%s.%s", who, what);
    return key;
}

bool pin_is_set(const struct slot *slot, const char *who)
{
    CK_BYTE pin[PIN_MOST];
    char key[64];

    return setting_text(slot, key_of(who, "pin", key), pin, sizeof pin) > 0;
}

long pin_tries(const struct slot *slot, const char *who)
{
    char key[64];
    CK_BYTE text[24];

    if (setting_text(slot, key_of(who, "tries", key), text, sizeof text) > 0)
        return setting_number(slot, key);
    return setting_number(slot, key_of(who, "tries.max", key));
}

static bool matches(const struct slot *slot, const char *who, const CK_BYTE *pin, CK_ULONG length)
{
    CK_BYTE right[PIN_MOST];
    char key[64];
    long right_length;

    if (slot->personality->pin_matches)
        return slot->personality->pin_matches(slot, who, pin, length);
    right_length = setting_text(slot, key_of(who, "pin", key), right, sizeof right);
    return right_length > 0 && same_bytes(right, (size_t)right_length, pin, length);
}

CK_RV pin_verdict(struct call *call, const char *who, bool right)
{
    char key[64];
    long tries;
    CK_RV rv = right ? CKR_OK : CKR_PIN_INCORRECT;

    if (!state_begin(call))
        return call->rv;
    tries = pin_tries(call->slot, who);
    key_of(who, "tries", key);
    if (tries <= 0)
        rv = CKR_PIN_LOCKED;
    else if (!right)
        set_number(call->slot, key, tries - 1);
    else if (tries != setting_number(call->slot, key_of(who, "tries.max", key)))
        pin_unlock(call, who);
    if (rv == CKR_OK && setting_yes(call->slot, key_of(who, "lingers", key)))
        change(call->device, call->slot->index, key, "no");
    state_commit(call);
    return call->rv == CKR_OK ? rv : call->rv;
}

CK_RV pin_verify(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length)
{
    CK_RV rv = CKR_USER_PIN_NOT_INITIALIZED;

    /* One transaction: the comparison is with the PIN as it is when the try is counted. */
    if (!state_begin(call))
        return call->rv;
    if (pin_is_set(call->slot, who))
        rv = pin_verdict(call, who, matches(call->slot, who, pin, length));
    state_commit(call);
    return call->rv == CKR_OK ? rv : call->rv;
}

CK_RV pin_allowed(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length)
{
    const struct personality *personality = call_personality(call);
    unsigned broken = length > PIN_MOST ? BROKEN_LONG : policy_broken(call, who, pin, length);

    if (!broken)
        return CKR_OK;
    if (personality->pin_refusal)
        return personality->pin_refusal(call, who, broken);
    return broken & (BROKEN_SHORT | BROKEN_LONG) ? CKR_PIN_LEN_RANGE : CKR_PIN_INVALID;
}

/* Put the present PIN at the head of those that must not come back. */
static void remember(struct slot *slot, const char *who)
{
    char key[64], *hex, *list;
    CK_BYTE pin[PIN_MOST];
    long length = setting_text(slot, key_of(who, "pin", key), pin, sizeof pin);
    const char *before = setting(slot, key_of(who, "history", key));
    size_t size;

    if (length <= 0)
        return;
    hex = to_hex(pin, (size_t)length);
    size = strlen(hex) + strlen(before) + 2;
    list = need(size);
    snprintf(list, size, "%s%s%s", hex, *before ? " " : "", before);
    change(slot->device, slot->index, key, list);
    free(list);
    free(hex);
}

void pin_store(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length)
{
    char key[64];

    if (!state_begin(call))
        return;
    if (setting_number(call->slot, key_of(who, "policy.history", key)))
        remember(call->slot, who);
    set_text(call->slot, key_of(who, "pin", key), pin, length);
    set_number(call->slot, key_of(who, "changed", key), (long)time(NULL));
    change(call->device, call->slot->index, key_of(who, "change", key), "no");
    pin_unlock(call, who);
    state_commit(call);
}

void pin_unlock(struct call *call, const char *who)
{
    char key[64];

    if (!state_begin(call))
        return;
    set_number(call->slot, key_of(who, "tries", key),
               setting_number(call->slot, key_of(who, "tries.max", key)));
    state_commit(call);
}

/* The PIN once more for one operation. SoftHSM knows whether one waits for it, and only then does
   a wrong one cost a try. */
static CK_RV login_again(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    CK_BYTE card[PIN_MOST];
    long card_length = setting_text(call->slot, "card.user.pin", card, sizeof card);
    bool right = matches(call->slot, "user", pin, length) && pin_tries(call->slot, "user") > 0;
    CK_RV rv;

    if (card_length < 1)
        return CKR_DEVICE_ERROR;
    if (!right)
        card[0] ^= 1;
    if (!state_begin(call)) /* as login_as does */
        return call->rv;
    rv = call->slot->real->C_Login(call->session.real, CKU_CONTEXT_SPECIFIC, card,
                                   (CK_ULONG)card_length);
    state_commit(call);
    return rv == CKR_OK || rv == CKR_PIN_INCORRECT ? pin_verdict(call, "user", right) : rv;
}

static CK_RV login(struct call *call, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length)
{
    CK_STATE state = login_state(call->slot);
    CK_RV rv;

    if (!pin)
        return CKR_ARGUMENTS_BAD;
    if (user == CKU_CONTEXT_SPECIFIC)
        return login_again(call, pin, length);
    if (user != CKU_USER && user != CKU_SO)
        return CKR_USER_TYPE_INVALID;
    if (user == CKU_SO && slot_has_read_only_session(call->slot))
        return CKR_SESSION_READ_ONLY_EXISTS;
    if (state != CKS_RW_PUBLIC_SESSION)
        return (state == CKS_RW_SO_FUNCTIONS) == (user == CKU_SO)
                   ? CKR_USER_ALREADY_LOGGED_IN
                   : CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    rv = pin_verify(call, user == CKU_SO ? "so" : "user", pin, length);
    if (rv == CKR_OK && user == CKU_USER && setting_yes(call->slot, "user.change")
        && setting_yes(call->slot, "user.change.first"))
        return CKR_PIN_EXPIRED;
    return rv == CKR_OK ? login_as(call, user) : rv;
}

CK_RV C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE *pin, CK_ULONG length)
{
    struct call call;
    CK_BYTE typed[PIN_MOST];

    if (call_on_session(&call, I_C_Login, session)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        call.rv = pad_asked(&call, user == CKU_SO ? "so" : "user", typed, &pin, &length);
        if (call.rv != CKR_OK)
            ;
        else if (!personality->login || !personality->login(&call, user, pin, length))
            call.rv = login(&call, user, pin, length);
        device_let_go(call.device);
    }
    return call_end(&call);
}

CK_RV C_Logout(CK_SESSION_HANDLE session)
{
    struct call call;

    if (call_on_session(&call, I_C_Logout, session))
        call.rv = call.slot->real->C_Logout(call.session.real);
    return call_end(&call);
}

static CK_RV init_pin(struct call *call, const CK_BYTE *pin, CK_ULONG length)
{
    CK_RV rv;

    if (!pin)
        return CKR_ARGUMENTS_BAD;
    if (login_state(call->slot) != CKS_RW_SO_FUNCTIONS)
        return CKR_USER_NOT_LOGGED_IN;
    rv = pin_allowed(call, "user", pin, length);
    if (rv == CKR_OK) {
        bool lingers = setting_yes(call->slot, "tries.linger") && pin_tries(call->slot, "user") < 2;
        pin_store(call, "user", pin, length);
        if (lingers && state_begin(call)) {
            change(call->device, call->slot->index, "user.lingers", "yes");
            state_commit(call);
        }
    }
    return rv == CKR_OK ? call->rv : rv;
}

CK_RV C_InitPIN(CK_SESSION_HANDLE session, CK_BYTE *pin, CK_ULONG length)
{
    struct call call;
    CK_BYTE typed[PIN_MOST];

    if (call_on_session(&call, I_C_InitPIN, session)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        call.rv = pad_asked(&call, "new", typed, &pin, &length);
        if (call.rv != CKR_OK)
            ;
        else if (!personality->init_pin || !personality->init_pin(&call, pin, length))
            call.rv = init_pin(&call, pin, length);
        device_let_go(call.device);
    }
    return call_end(&call);
}

static CK_RV set_pin(struct call *call, const CK_BYTE *old, CK_ULONG old_length,
                     const CK_BYTE *pin, CK_ULONG length)
{
    const char *who = login_state(call->slot) == CKS_RW_SO_FUNCTIONS ? "so" : "user";
    CK_RV rv;

    if (!old || !pin)
        return CKR_ARGUMENTS_BAD;
    if (!(call->session.flags & CKF_RW_SESSION))
        return CKR_SESSION_READ_ONLY;
    rv = pin_allowed(call, who, pin, length);
    if (rv == CKR_OK)
        rv = pin_verify(call, who, old, old_length);
    if (rv == CKR_OK)
        pin_store(call, who, pin, length);
    return rv == CKR_OK ? call->rv : rv;
}

CK_RV C_SetPIN(CK_SESSION_HANDLE session, CK_BYTE *old, CK_ULONG old_length, CK_BYTE *pin,
               CK_ULONG length)
{
    struct call call;
    CK_BYTE typed[PIN_MOST], chosen[PIN_MOST];

    if (call_on_session(&call, I_C_SetPIN, session)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        call.rv = pad_asked(&call, login_state(call.slot) == CKS_RW_SO_FUNCTIONS ? "so" : "user",
                            typed, &old, &old_length);
        if (call.rv == CKR_OK)
            call.rv = pad_asked(&call, "new", chosen, &pin, &length);
        if (call.rv != CKR_OK)
            ;
        else if (!personality->set_pin
            || !personality->set_pin(&call, old, old_length, pin, length))
            call.rv = set_pin(&call, old, old_length, pin, length);
        device_let_go(call.device);
    }
    return call_end(&call);
}
