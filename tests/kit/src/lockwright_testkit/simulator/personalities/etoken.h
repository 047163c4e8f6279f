/*
 * What the files of the eToken personalities share: the vendor's numbers and each other's functions.
 *
 * Numbers and their names are those of the vendor's header eTPkcs11.h (SafeNet, extension 1.7,
 * 2013), where nothing else is said; the prototypes are our own.
 */

#ifndef SIM_ETOKEN_H
#define SIM_ETOKEN_H

#include "personality.h"

/* The minor version of the extension that this build of the module offers; below nought it is a
   module that has none, as libIDPrimePKCS11 may be. */
#ifndef ETOKEN_EXTENSION
#define ETOKEN_EXTENSION 7
#endif

/* The names may lie in another library, as on Windows; the list is always the module's. */
#if ETOKEN_EXTENSION >= 0
#define ETC_EXPORT_LIST EXPORT
#else
#define ETC_EXPORT_LIST
#endif
#if ETOKEN_EXTENSION >= 0 && !defined ETOKEN_LISTED_ONLY
#define ETC_EXPORT EXPORT
#else
#define ETC_EXPORT
#endif
#if ETOKEN_EXTENSION >= 7 && !defined ETOKEN_LISTED_ONLY
#define ETC_EXPORT_7 EXPORT
#else
#define ETC_EXPORT_7
#endif

/* CKA_HW_FEATURE_TYPE. */
#define ETCKH_TOKEN_OBJECT 0x80005002UL
#define ETCKH_PIN_POLICY 0x80005003UL
#define ETCKH_PRIVATE_CACHING 0x80005005UL
#define ETCKH_2NDAUTH 0x80005006UL

/* The token object. */
#define ETCKA_PRODUCT_NAME 0x80001101UL
#define ETCKA_MODEL 0x80001102UL
#define ETCKA_CASE_MODEL 0x80001108UL
#define ETCKA_CARD_TYPE 0x8000110BUL
#define ETCKA_RETRY_USER 0x80001110UL
#define ETCKA_RETRY_SO 0x80001111UL
#define ETCKA_RETRY_USER_MAX 0x80001112UL
#define ETCKA_RETRY_SO_MAX 0x80001113UL
#define ETCKA_USER_PIN_INITIALIZED 0x80001119UL /* this one from eTSAPI.h (Aladdin, 2008) too */
#define ETCKA_HAS_BATTERY 0x8000111AUL
#define ETCKA_HAS_LCD 0x8000111BUL
#define ETCKA_HAS_USER 0x8000111CUL
#define ETCKA_HAS_SO 0x8000111DUL
#define ETCKA_FIPS 0x8000111EUL
#define ETCKA_RSA_2048 0x80001121UL
#define ETCKA_RSA_2048_SUPPORTED 0x80001122UL
#define ETCKA_MAY_INIT 0x80001126UL
#define ETCKA_ONE_FACTOR 0x80001128UL
#define ETCKA_FORMAT_VERSION 0x8000112AUL
#define ETCKA_UNBLOCK_SUPPORTED 0x8000113DUL
#define ETCKA_FREE_MEMORY 0x8000113EUL
#define ETCKA_CC 0x80001140UL
#define ETCKA_UNLOCK_COUNT 0x80001142UL
#define ETCKA_UNLOCK_MAX 0x80001143UL

/* The policy object; ETCKPT_GENERAL_PIN_POLICY is the only type. */
#define ETCKA_PIN_POLICY_TYPE 0x80001201UL
#define ETCKPT_GENERAL_PIN_POLICY 1UL
#define ETCKA_PIN_MIN_LEN 0x80001202UL
#define ETCKA_PIN_MIX_CHARS 0x80001203UL
#define ETCKA_PIN_MAX_AGE 0x80001204UL
#define ETCKA_PIN_MIN_AGE 0x80001205UL
#define ETCKA_PIN_WARN_PERIOD 0x80001206UL
#define ETCKA_PIN_HISTORY_SIZE 0x80001207UL
#define ETCKA_PIN_MAX_REPEATED 0x80001209UL
#define ETCKA_PIN_NUMBERS 0x8000120AUL
#define ETCKA_PIN_UPPER_CASE 0x8000120BUL
#define ETCKA_PIN_LOWER_CASE 0x8000120CUL
#define ETCKA_PIN_SPECIAL 0x8000120DUL
#define ETCKA_PIN_MIX_LEVEL 0x8000120EUL
#define ETCKA_PIN_MAX_LEN 0x8000120FUL
#define ETCKA_OWNER 0x80001401UL

/* Two more objects, each of one number. */
#define ETCKA_CACHE_PRIVATE 0x80001601UL
#define ETCKA_2NDAUTH_CREATE 0x80001701UL

/* ETC_TokenIOCTL (code from the header of extension 1.2; 1.7 no longer has it), ETC_RSM_Calculate. */
#define ETCK_IOCTL_PIN_EVALUATE 1UL
#define ETCK_RSM_UNLOCK_LEGACY 2UL

/* Codes of ETC_GetErrorInfo. */
enum etoken_info { INFO_EXTENSION, INFO_SYSTEM, INFO_APDU, INFO_PIN_POLICY, INFO_COUNT };

/* What ETC_GetErrorInfo(INFO_EXTENSION) says. */
#define ETCKR_PQ_AGE_WARN 0xFF000011UL
#define ETCKR_PQ_AGE_MIN_MAX 0xFF000012UL
#define ETCKR_PQ_FORBIDDEN_ALL 0xFF000013UL
#define ETCKR_PQ_FORBIDDEN_MIX 0xFF000014UL
#define ETCKR_STARTKEY_INCORRECT 0xFF00001DUL
#define ETCKR_HASNO_ADMIN_PASSWORD 0xFF00001FUL
#define ETCKR_TOO_MANY_UNBLOCKS 0xFF000024UL

enum {
    CHALLENGE_LENGTH = 8, /* SafeNet's C# wrapper gives 8 bytes of room; card command 80 17 */
    KEY_LENGTH = 24,      /* 3DES */
    PASSWORD_MOST = 255,
    LABEL_LENGTH = 32,
    TRIES_MOST = 15, /* help of SafeNet Authentication Client 8: a counter is 1 to 15 */
};

/* etoken_info.c: what the last call of this thread has to say beyond its return value */
void etoken_tell(enum etoken_info what, CK_ULONG value);
void etoken_forget(void);
/* vendor_call_on_session, with nothing told yet. */
bool etoken_call(struct call *call, const char *name, CK_SESSION_HANDLE session);
/* A return value that the vendor's documents leave open: a setting. */
CK_RV etoken_rv(const struct call *call, const char *key);
/* The same with a reason for ETC_GetErrorInfo. */
CK_RV etoken_refuse(const struct call *call, const char *key, CK_ULONG why);
/* Retries that a caller asks for: CKR_OK or CKR_ARGUMENTS_BAD. */
CK_RV etoken_retries(CK_ULONG retries);
void etoken_set_yes(struct slot *slot, const char *key, bool yes);

/* etoken_policy.c */
CK_RV etoken_pin_refusal(struct call *call, const char *who, unsigned broken);
/* What the user's policy has against a password, as the vendor's bits. */
CK_ULONG etoken_problems(struct call *call, const CK_BYTE *pin, CK_ULONG length);
/* An attribute of the policy, or CKR_ATTRIBUTE_TYPE_INVALID. */
CK_RV etoken_policy_get(struct slot *slot, CK_ATTRIBUTE *attribute);
/* Put a template into the policy of `who`: all of it or, if it is not sound, nothing. */
CK_RV etoken_policy_put(struct call *call, const char *who, const CK_ATTRIBUTE *wanted,
                        CK_ULONG count);
/* The policy of a token that is formatted: begin with the vendor's, and make it the user's. */
void etoken_policy_begin(struct call *call);
void etoken_policy_adopt(struct call *call);

/* etoken_objects.c */
bool etoken_find(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count);
CK_RV etoken_get_attribute(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute);
bool etoken_set_attributes(struct call *call, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *wanted,
                           CK_ULONG count);
CK_OBJECT_HANDLE etoken_object(CK_ULONG feature);

/* etoken_format.c, etoken_plan.c: a token is formatted in several steps; what they say is a plan
   until the last one */
bool etoken_init_token(struct call *call, const CK_BYTE *pin, CK_ULONG length);
void etoken_formatted(struct call *call);
void etoken_plan_begin(struct call *call);
bool etoken_planning(const struct call *call); /* is the call's session that of the plan? */
bool etoken_create(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE *object);
void etoken_plan_adopt(struct call *call);

/* etoken_response.c: the response that the card expects */
CK_RV etoken_response(struct call *call, const CK_BYTE challenge[CHALLENGE_LENGTH],
                      CK_BYTE response[CHALLENGE_LENGTH]);
bool etoken_key_matches(const struct slot *slot, const char *who, const CK_BYTE *pin,
                        CK_ULONG length);

/* The vendor's exports, in the order in which the files define them. */
ETC_EXPORT_LIST CK_RV ETC_GetFunctionListEx(void **list);
ETC_EXPORT CK_RV ETC_GetErrorInfo(CK_ULONG code, CK_ULONG *parameter);
ETC_EXPORT CK_RV ETC_TokenIOCTL(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG code,
                                void *input, CK_ULONG input_length, void *output,
                                CK_ULONG *output_length);
ETC_EXPORT CK_RV ETC_InitTokenInit(CK_SLOT_ID id, CK_UTF8CHAR *pin, CK_ULONG length,
                                   CK_ULONG retries, CK_UTF8CHAR *label,
                                   CK_SESSION_HANDLE *session);
ETC_EXPORT CK_RV ETC_InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length,
                             CK_ULONG retries, CK_BBOOL to_be_changed);
ETC_EXPORT CK_RV ETC_InitTokenFinal(CK_SESSION_HANDLE session);
ETC_EXPORT CK_RV ETC_UnlockGetChallenge(CK_SESSION_HANDLE session, void *challenge,
                                        CK_ULONG *length);
ETC_EXPORT CK_RV ETC_UnlockComplete(CK_SESSION_HANDLE session, void *response,
                                    CK_ULONG response_length, CK_UTF8CHAR *pin, CK_ULONG length,
                                    CK_ULONG retries, CK_BBOOL to_be_changed);
ETC_EXPORT_7 CK_RV ETC_RSM_Calculate(CK_ULONG mode, CK_CHAR *pin, CK_ULONG length,
                                     CK_BYTE *challenge, CK_ULONG challenge_length,
                                     CK_ATTRIBUTE *wanted, CK_ULONG count, CK_BYTE *output,
                                     CK_ULONG *output_length, void *reserved);

#endif
