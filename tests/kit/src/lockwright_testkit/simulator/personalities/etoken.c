/*
 * eToken: a user's and an administrator's password that lock, a policy that is an object of the
 * token, an unblock by challenge and response, a format in several steps. Two kinds: the classic
 * eToken 5110 under SafeNet Authentication Client 10, and a card of the IDPrime family, whose
 * administrator is a 3DES key.
 */

#include <string.h>

#include "etoken.h"

#define CKF_DUAL_CRYPTO_OPERATIONS 0x200UL

/* A setting that stands twice has the first value. */
#define COMMON_SETTINGS \
    /* As Java tests against the real module print them (github.com/swaechter, PKCS#11). */ \
    { "library.manufacturer", "SafeNet, Inc." }, \
    { "library.description", "SafeNet eToken PKCS#11" }, \
    { "library.version", "10.8" }, { "library.cryptoki", "2.20" }, \
    { "reader", "SafeNet eToken 5100 [eToken 5110 SC] 00 00" }, { "slots.empty", "7" }, \
    { "info.pin.min", "6" }, { "info.pin.max", "20" }, { "info.tries", "yes" }, \
    /* Help of SafeNet Authentication Client 8: the defaults of a policy and of the counters. */ \
    { "user.policy.min", "6" }, { "user.policy.max", "16" }, { "user.policy.repeat", "3" }, \
    { "user.policy.history", "10" }, { "user.age.max", "0" }, { "user.age.warn", "0" }, \
    { "new.policy.min", "6" }, { "new.policy.max", "16" }, { "new.policy.repeat", "3" }, \
    { "new.policy.history", "10" }, { "new.age.max", "0" }, { "new.age.warn", "0" }, \
    { "policy.object", "yes" }, { "policy.owner", "0" }, { "policy.modifiable", "yes" }, \
    { "user.tries.max", "15" }, { "so.tries.max", "15" }, { "tries.low", "3" }, \
    /* The token's own objects; numbers are those of the header's enumerations. */ \
    { "features", "yes" }, { "token.product", "eToken 5110" }, \
    { "token.model", "eToken 5110 SC" }, { "token.card", "2" }, { "token.case", "1" }, \
    { "token.format", "5" }, { "cache.private", "0" }, { "2ndauth.create", "0" }, \
    /* Unblocking. */ \
    { "unlock.supported", "yes" }, { "unlock.max", "0" }, { "unlock.count", "0" }, \
    { "unlock.count.left", "no" }, { "unlock.rule", "stand-in" }, { "admin.key", "" }, \
    { "unlock.wrong.try", "yes" }, { "unlock.wrong.unlock", "no" }, { "unlock.weak.ends", "no" }, \
    { "evaluate", "yes" }, { "format", "yes" }, { "start.key", "" }, \
    /* A format under way. */ \
    { "new.session", "0" }, { "new.process", "0" }, { "new.label", "" }, { "new.so.pin", "" }, \
    { "new.so.tries.max", "15" }, { "new.user.pin", "" }, { "new.user.tries.max", "15" }, \
    { "new.user.change", "no" }, { "new.start.key", "" }, { "new.start.known", "no" }, \
    { "new.cache.private", "0" }, { "new.2ndauth.create", "0" }, \
    /* Return values that no public source tells. */ \
    { "unlock.unsupported.rv", "0x54" }, { "unlock.limit.rv", "0x6" }, \
    { "unlock.void.rv", "0x91" }, { "unlock.wrong.rv", "0xa0" }, { "pin.weak.rv", "0xa1" }, \
    { "pin.length.rv", "0xa2" }, { "start.key.rv", "0xa0" }, { "attribute.absent.rv", "0x12" }, \
    /* libeToken dies of a long list (PyKCS11 issues 56 and 75). */ \
    { "attributes.most", "32" }, { "attributes.most.rv", "0x6" }, \
    { NULL, NULL }

static const struct setting settings[] = {
    { "manufacturer", "SafeNet, Inc." }, { "model", "eToken" }, { "memory", "81920" },
    COMMON_SETTINGS,
};

static const struct setting idprime_settings[] = {
    { "manufacturer", "Gemalto" }, { "model", "ID Prime MD" },
    { "reader", "SafeNet Token JC 0" }, { "token.product", "IDPrime" }, { "token.model", "ID Prime MD" },
    /* DigiCert's knowledge base on eToken 5110+: five tries of the administrator. */
    { "so.tries.max", "5" }, { "unlock.rule", "3des" },
    COMMON_SETTINGS,
};

/* Java tests against a real 5110 print 0x60D as its flags; CKF_DUAL_CRYPTO_OPERATIONS is the one
   that SoftHSM does not set. */
static void token_info(struct slot *slot, CK_TOKEN_INFO *info)
{
    const CK_FLAGS tries = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

    info->flags |= CKF_DUAL_CRYPTO_OPERATIONS;
    if (!setting_yes(slot, "info.tries"))
        info->flags &= ~(tries | tries << 4);
    info->ulMinPinLen = (CK_ULONG)setting_number(slot, "info.pin.min");
    info->ulMaxPinLen = (CK_ULONG)setting_number(slot, "info.pin.max");
}

/* Help of SafeNet Authentication Client: after the challenge is given, any activity that uses the
   token voids it. Sessions may come and go (Hard Token Management Framework closes its own). */
static bool keeps_challenge(const struct call *call)
{
    return !strcmp(call->name, "ETC_UnlockComplete") || challenge_kept_usually(call);
}

extern const struct personality etoken, etoken_idprime;

const struct personality etoken = {
    .name = "etoken",
    .settings = settings,
    .token_info = token_info,
    .keeps_challenge = keeps_challenge,
    .pin_refusal = etoken_pin_refusal,
    .init_token = etoken_init_token,
    .formatted = etoken_formatted,
    .find = etoken_find,
    .create = etoken_create,
    .get_attribute = etoken_get_attribute,
    .set_attributes = etoken_set_attributes,
};

/* C_InitToken wants the administrator's key, as standard PKCS#11 does. */
const struct personality etoken_idprime = {
    .name = "etoken-idprime",
    .settings = idprime_settings,
    .token_info = token_info,
    .keeps_challenge = keeps_challenge,
    .pin_refusal = etoken_pin_refusal,
    .pin_matches = etoken_key_matches,
    .formatted = etoken_formatted,
    .find = etoken_find,
    .create = etoken_create,
    .get_attribute = etoken_get_attribute,
    .set_attributes = etoken_set_attributes,
};
