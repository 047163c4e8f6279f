/*
 * The vendor's functions that are simulated, one line each: place in JC_FUNCTION_LIST, name,
 * parameters. Places and parameters are those of jcPKCS11f.h (extension 2.10), places counted from
 * nought; in the list a CK_VERSION comes before them, and it is packed, so pointers lie unaligned.
 */

#ifndef SIM_JACARTA_FUNCTIONS_H
#define SIM_JACARTA_FUNCTIONS_H

#include "jacarta.h"
#include "jacarta_gost2.h"
#include "jacarta_pki.h"
#include "jacarta_pro.h"

struct JC_FUNCTION_LIST;

#ifdef JACARTA_WITHOUT_RESPONSE
#define JC_LATEST_FUNCTIONS(X)
enum { JC_FUNCTION_COUNT = 158 };
#else
#define JC_LATEST_FUNCTIONS(X) \
    X(158, JC_PKI_UnlockUserPinWithResponse, \
      (CK_SLOT_ID id, CK_BYTE *response, CK_ULONG response_length, CK_UTF8CHAR *pin, \
       CK_ULONG length))
enum { JC_FUNCTION_COUNT = 171 };
#endif

#define JC_FUNCTIONS(X) \
    X(0, JC_GetFunctionList, (struct JC_FUNCTION_LIST **list)) \
    X(3, JC_GetISD, (CK_SLOT_ID id, JC_ISD_DATA *data)) \
    X(6, JC_PKI_SetComplexity, (CK_SLOT_ID id, JC_PKI_PERSONALIZATION_INFO *info)) \
    X(7, JC_PKI_GetComplexity, (CK_SLOT_ID id, JC_PKI_PERSONALIZATION_INFO *info)) \
    X(8, JC_PKI_WipeCard, (CK_SLOT_ID id)) \
    X(9, JC_PKI_GetPINInfo, (CK_SLOT_ID id, JC_PKI_PIN_INFO *info)) \
    X(10, JC_PKI_GetChallenge, (CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG size)) \
    X(11, JC_PKI_UnlockUserPIN, (CK_SLOT_ID id)) \
    X(21, JC_KT2_ReadExtInfo, (CK_SLOT_ID id, JC_KT2_EXTENDED_INFO *info)) \
    X(116, JC_GetVersionInfo, (JC_VERSION_INFO *info)) \
    X(118, JC_PKI_ReadPinCounters, \
      (CK_SLOT_ID id, CK_USER_TYPE user, JC_PKI_PIN_COUNTERS *counters)) \
    X(119, JC_KT2_CreateUnlockChallenge, (CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length)) \
    X(120, JC_KT2_CreateUnlockResponse, \
      (CK_UTF8CHAR *pin, CK_ULONG pin_length, CK_BYTE *challenge, CK_ULONG challenge_length, \
       CK_BYTE *response, CK_ULONG *length)) \
    X(121, JC_KT2_UnlockWithResponse, (CK_SLOT_ID id, CK_BYTE *response, CK_ULONG length)) \
    X(126, JC_PJ_SetUserPinPolicy, (CK_SLOT_ID id, JC_PJ_PINPOLICY *policy)) \
    X(127, JC_PJ_GetUserPinPolicy, (CK_SLOT_ID id, JC_PJ_PINPOLICY *policy)) \
    X(129, JC_PJ_GetPinCounters, \
      (CK_SLOT_ID id, CK_USER_TYPE user, JC_PJ_PIN_COUNTERS *counters)) \
    X(130, JC_PJ_Unlock, \
      (CK_SLOT_ID id, CK_BYTE *response, CK_ULONG response_length, CK_UTF8CHAR *pin, \
       CK_ULONG length, CK_BBOOL change)) \
    X(131, JC_PJ_GetCapabilities, (CK_SLOT_ID id, JC_PJ_CAPABILITIES *capabilities)) \
    X(134, JC_PJ_UnlockInit, (CK_SLOT_ID id, CK_BYTE *challenge, CK_ULONG *length)) \
    X(138, JC_PJ_InitPIN, \
      (CK_SLOT_ID id, CK_UTF8CHAR *pin, CK_ULONG length, CK_ULONG most_tries, CK_BBOOL change)) \
    JC_LATEST_FUNCTIONS(X)

#define DECLARE(place, name, parameters) JC_EXPORT CK_RV name parameters;
JC_FUNCTIONS(DECLARE)
#undef DECLARE

typedef void (*jc_function)(void);

#pragma pack(push, 1)
typedef struct JC_FUNCTION_LIST {
    CK_VERSION version;
    jc_function function[JC_FUNCTION_COUNT];
} JC_FUNCTION_LIST;
#pragma pack(pop)

#endif
