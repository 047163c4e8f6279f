/* The PRO applet ("ProJava"): layouts of jcPKCS11t.h. */

#ifndef SIM_JACARTA_PRO_H
#define SIM_JACARTA_PRO_H

#include "jacarta.h"

/* JC_PJ_COMPLEXITY_REQUIREMENTS_... and JC_PJ_MANUAL_COMPLEXITY_... */
enum { REQUIREMENTS_MANUAL = 0, REQUIREMENTS_LEAST3TYPES = 1, REQUIREMENTS_LEAST2TYPES = 3 };
enum { COMPLEXITY_PERMITTED = 0, COMPLEXITY_FORBIDDEN = 1, COMPLEXITY_MANDATORY = 2 };

#pragma pack(push, 1)

typedef struct { CK_ULONG ulMaxTries, ulTries; } JC_PJ_PIN_COUNTERS;

typedef struct {
    CK_BBOOL isFips, rsa2048support, hasSo;
    CK_ULONG ulPinAge;
} JC_PJ_CAPABILITIES;

typedef struct {
    CK_ULONG ulMinAge, ulMaxAge, ulWarningPeriod, ulMinLen, ulHistorySize, ulMaxConsRepeat;
    CK_ULONG ComplexityReq, Uppercase, Lowercase, Numerals, SpecChar;
} JC_PJ_PINPOLICY;

#pragma pack(pop)

_Static_assert(sizeof(JC_PJ_PINPOLICY) == 11 * sizeof(CK_ULONG), "packed");
_Static_assert(sizeof(JC_PJ_CAPABILITIES) == 3 + sizeof(CK_ULONG), "packed");

#endif
