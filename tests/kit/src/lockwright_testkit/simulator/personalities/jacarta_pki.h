/* The PKI applet ("Laser"): layouts of jcPKCS11t.h, and what its files share. */

#ifndef SIM_JACARTA_PKI_H
#define SIM_JACARTA_PKI_H

#include "jacarta.h"

#define JC_PKI_AUTHTYPE_PIN 1UL

/* UserMaxUnblock: so many unblocks in the token's life; nought is no limit, and 255 is none at all
   (the header of the OEM's layer, Athena). */
enum { UNBLOCKS_UNLIMITED = 0, UNBLOCKS_NEVER = 255 };
enum { CHALLENGE_SIZE = 8, KEY_SIZE = 24 };

#pragma pack(push, 1)

typedef struct { CK_BYTE UserPinRemains, UserBioPinRemains, AdminPinRemains; } JC_PKI_PIN_INFO;

typedef struct {
    CK_ULONG ulRetryRemains, ulMaxRetryCounter, ulUnlockRemains, ulMaxUnlockCounter;
} JC_PKI_PIN_COUNTERS;

typedef struct {
    CK_BYTE IsPersonalized;
    CK_ULONG MaxDFSize;
    CK_BYTE UserMaxAttempts, UserMaxUnblock, AdminMaxAttempts, AdminIsChalResp;
    CK_ULONG UserPinType;
    CK_BYTE CardType;
    CK_BYTE UserMinChars, UserMaxChars, UserMinAlphaChars, UserMinLowerChars, UserMinUpperChars;
    CK_BYTE UserMinDigits, UserMinNonAlphaChars, UserPinHistorySize;
    CK_BYTE AdminMinChars, AdminMaxChars, AdminMinAlphaChars, AdminMinLowerChars;
    CK_BYTE AdminMinUpperChars, AdminMinDigits, AdminMinNonAlphaChars;
    CK_ULONG UserPINValidForSeconds, UserPINExpiresAfterDays;
    CK_BYTE AllowCardWipe, BioImageQuality;
    CK_ULONG BioPurpose;
    CK_BYTE BioMaxFingers, X931Use, BioMaxUnblock, UserMustChangeAfterUnlock;
    CK_BYTE UserMaxRepeatingPin, UserMaxSequencePin, AdminMaxRepeatingPin, AdminMaxSequencePin;
    CK_BYTE DSSupport, MaxRSA1024Keys, MaxRSA2048Keys;
    CK_BYTE DSPin[12], DSPUK[12], DSSynchronizationOption, DSVerificationPolicy;
    CK_BYTE DSActivationPINValue[16], DSActivationPINLen;
    CK_BYTE DSDeactivationPINValue[16], DSDeactivationPINLen;
    CK_BYTE UserPinAlways, BioType, UserMustChangeAfterFirstUse, StartDate[8], DefaultFinger;
    CK_ULONG SecureMessagingMode;
    CK_BYTE NewAdminPinLength, NewAdminPin[16];
} JC_PKI_PERSONALIZATION_INFO;

#pragma pack(pop)

/* As a compiler lays the vendor's header out where CK_ULONG has eight bytes. */
_Static_assert(sizeof(CK_ULONG) != 8 || sizeof(JC_PKI_PERSONALIZATION_INFO) == 171, "packed");
_Static_assert(sizeof(CK_ULONG) != 8
                   || offsetof(JC_PKI_PERSONALIZATION_INFO, UserMustChangeAfterUnlock) == 66,
               "packed");
_Static_assert(sizeof(CK_ULONG) != 8 || offsetof(JC_PKI_PERSONALIZATION_INFO, NewAdminPin) == 155,
               "packed");

/* jacarta_pki.c */
/* The administrator's 3DES key, filled up with zeros; false: the administrator is a PIN. */
bool pki_admin_key(const struct slot *slot, CK_BYTE key[KEY_SIZE]);
/* Judge a response to the pending challenge, and count it for the administrator. */
CK_RV pki_judge(struct call *call, const CK_BYTE *response, CK_ULONG length);

/* jacarta_complexity.c */
void pki_formatted(struct call *call);

#endif
