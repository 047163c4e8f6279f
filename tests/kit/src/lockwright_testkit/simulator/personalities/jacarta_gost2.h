/* The applet of JaCarta-2 GOST ("KT2"): layouts of jcPKCS11t.h. */

#ifndef SIM_JACARTA_GOST2_H
#define SIM_JACARTA_GOST2_H

#include "jacarta.h"

enum { KT2_PIN_LENGTH_LEAST = 6 }; /* to which ulMinPinLengthAddition is added */

#pragma pack(push, 1)

typedef struct {
    CK_BBOOL Exists;
    CK_ULONG ulMaxErrorCount, ulErrorCount; /* errors made, not tries left */
} JC_KT2_PIN_STATE;

typedef struct {
    CK_BBOOL UseUpperCaseLetters, UseLowerCaseLetters, UseDigits, UseSpecial, PinMustBeChanged;
    CK_ULONG ulMinPinLengthAddition;
} JC_KT2_PIN_POLICY;

typedef struct {
    CK_BYTE Major, Minor, Release;
    CK_ULONG ulUnlockCount;
    CK_BYTE PersonalizationInfo[64], CheckSum[32];
    JC_KT2_PIN_STATE UserPINState, SignPINState, PUKState;
    CK_BBOOL SULoginThrowSM, UserPUKEnabled;
    JC_KT2_PIN_POLICY UserPinPolicy, UserSignPinPolicy;
    CK_ULONG SecureMessagingState;
} JC_KT2_EXTENDED_INFO;

#pragma pack(pop)

/* As a compiler lays the vendor's header out where CK_ULONG has eight bytes. */
_Static_assert(sizeof(CK_ULONG) != 8 || sizeof(JC_KT2_EXTENDED_INFO) == 194, "packed");
_Static_assert(sizeof(CK_ULONG) != 8 || offsetof(JC_KT2_EXTENDED_INFO, UserPinPolicy) == 160,
               "packed");

#endif
