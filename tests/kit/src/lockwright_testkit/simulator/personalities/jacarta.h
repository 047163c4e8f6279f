/*
 * What the files of the JaCarta personalities share: the vendor's numbers and layouts, and each
 * other's functions.
 *
 * Numbers, names and layouts are those of the vendor's headers jcPKCS11t.h and jcPKCS11f.h
 * (Aladdin R.D., library 2.4, extension 2.10, 2021), where nothing else is said. The headers pack
 * every JC_ structure and the function list to one byte on all systems.
 */

#ifndef SIM_JACARTA_H
#define SIM_JACARTA_H

#include "personality.h"

/* A module of before the extension (jcPKCS11 without -2) exports none of its functions; one of
   before 2.10 lacks the last of them. */
#ifdef JACARTA_WITHOUT_EXTENSION
#define JC_EXPORT
#define JACARTA_WITHOUT_RESPONSE
#else
#define JC_EXPORT EXPORT
#endif

/* jcPKCS11t.h: JC_MANUFACTURER_ID and JC_MODEL_... */
#define JC_MANUFACTURER_ID "Aladdin R.D."
#define JC_MODEL_LASER "JaCarta Laser"
#define JC_MODEL_PRO "PRO"
#define JC_MODEL_CRYPTOTOKEN_2 "JaCarta GOST 2.0"
#define JC_VERSION "2.4"
enum { JC_EXTENSION_VERSION_MAJOR = 2, JC_EXTENSION_VERSION_MINOR = 10 };

#define CKU_PUK 0x80000001UL
#define CKU_SO_RESPONSE 0x80000002UL

#define CKR_PUK_INCORRECT (CKR_VENDOR_DEFINED | 0x15)
#define CKR_CANNOT_UNLOCK (CKR_VENDOR_DEFINED | 0x16)
#define CKR_PINPOLICY_HISTORY (CKR_VENDOR_DEFINED | 0x2B)
#define CKR_PINPOLICY_AGE (CKR_VENDOR_DEFINED | 0x2F)
#define CKR_PINPOLICY_REPEAT (CKR_VENDOR_DEFINED | 0x31)
#define CKR_PINPOLICY_CASE (CKR_VENDOR_DEFINED | 0x32)
#define CKR_PINPOLICY_DIGIT (CKR_VENDOR_DEFINED | 0x33)
#define CKR_PINPOLICY_SPECCHAR (CKR_VENDOR_DEFINED | 0x34)
#define CKR_PINPOLICY_VIOLATION (CKR_VENDOR_DEFINED | 0x35)

/* What every applet says in the same words. The model and date of the device (JC_GetISD) and the
   last two numbers of the version are stand-ins. */
#define JACARTA_SETTINGS \
    { "manufacturer", JC_MANUFACTURER_ID }, { "library.manufacturer", JC_MANUFACTURER_ID }, \
    { "library.description", "simulated jcPKCS11-2" }, { "library.version", JC_VERSION }, \
    { "library.build", "0.0" }, { "isd.model", "JC000" }, { "isd.date", "20210101" }, \
    { "tries.low", "3" }

#pragma pack(push, 1)

typedef struct { CK_UTF8CHAR model[32]; CK_BYTE manufacturingDate[8]; } JC_ISD_DATA;
typedef struct { CK_ULONG ulMajor, ulMinor, ulRelease, ulBuild; } JC_VERSION_INFO;

#pragma pack(pop)

/* What applets have whose response rule is not public; lengths are stand-ins too, save PRO's
   challenge. */
#define STAND_IN_SETTINGS(challenge_length, response_length) \
    { "challenge.length", challenge_length }, { "response.length", response_length }, \
    { "response.rule", "sha256" }, { "response.wrong.rv", "0xa0" }, \
    { "response.void.rv", "0x80000016" }

extern const struct personality jacarta_pki, jacarta_pro, jacarta_gost2;

/* jacarta.c */
/* Begin a call that only one kind of applet answers; the others have no such function. */
bool jacarta_call(struct call *call, const char *name, CK_SLOT_ID id,
                  const struct personality *kind);
/* Does this call of a device leave the pending challenge of its applet `kind` alone? `ending` is
   the function that completes the exchange. */
bool jacarta_keeps(const struct call *call, const struct personality *kind, const char *ending);
CK_RV setting_rv(const struct slot *slot, const char *key);

/* jacarta_answer.c */
/* A challenge of the setting challenge.length, by the custom of PKCS#11 for output. */
CK_RV stand_in_challenge(struct call *call, CK_BYTE *challenge, CK_ULONG *length);
/* Is this the response to the pending challenge, which is then no more? The rule is a stand-in,
   since the vendor's is not public. CKR_OK, or the setting response.void.rv if none is pending. */
CK_RV stand_in_compare(struct call *call, const CK_BYTE *key, size_t key_length,
                       const CK_BYTE *response, CK_ULONG length, bool *right);

#endif
