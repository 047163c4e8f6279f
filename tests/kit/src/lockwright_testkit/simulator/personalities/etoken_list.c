/* ETC_GetFunctionListEx: the list of the vendor's functions, in the slots that each version of the
   extension gives them. */

#include "etoken.h"

typedef void (*function)(void);

/* A function that this version documents and the simulator does not have. The caller clears the
   stack (cdecl), so it answers whatever it is given. */
static CK_RV not_simulated(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

#define HERE(name) (function)(name)
#define ELSEWHERE (function)not_simulated
#define RESERVED NULL /* a slot whose function was withdrawn */

/* From 1.0 to 1.2 the slots that 1.7 reserves were device and token events, transactions, software
   tokens and single logon. */
#if ETOKEN_EXTENSION >= 7
#define WITHDRAWN RESERVED
#else
#define WITHDRAWN ELSEWHERE
#endif

/* The header packs this file's own structures to one byte on every system, so that the first
   pointer lies at byte 4. */
#pragma pack(push, 1)
static struct {
    CK_VERSION version;
    unsigned short flags;
    function functions[ETOKEN_EXTENSION >= 7 ? 36 : ETOKEN_EXTENSION >= 2 ? 23 : 17];
} list = {
    .version = { 1, (CK_BYTE)ETOKEN_EXTENSION },
    .functions = {
        HERE(ETC_GetFunctionListEx), WITHDRAWN /* DeviceIOCTL */, HERE(ETC_TokenIOCTL),
        WITHDRAWN /* CreateTracker */, WITHDRAWN /* DestroyTracker */,
        WITHDRAWN /* BeginTransaction */, WITHDRAWN /* EndTransaction */,
        ELSEWHERE /* GetProperty */, ELSEWHERE /* SetProperty */,
        ELSEWHERE /* CreateVirtualSession */,
        RESERVED /* PrepareSoftwareToken, of 1.0 alone */, WITHDRAWN /* SingleLogonGetPin */,
        HERE(ETC_InitTokenInit), HERE(ETC_InitTokenFinal), HERE(ETC_InitPIN),
        HERE(ETC_UnlockGetChallenge), HERE(ETC_UnlockComplete),
#if ETOKEN_EXTENSION >= 2
        WITHDRAWN /* SingleLogonClearPin */, ELSEWHERE /* SetPIN */, ELSEWHERE /* CheckFeature */,
        WITHDRAWN /* HandleClientPacket */, WITHDRAWN /* FreeClientMemory */,
        HERE(ETC_GetErrorInfo),
#endif
#if ETOKEN_EXTENSION >= 7
        RESERVED, ELSEWHERE /* GetAttributeTypes */, ELSEWHERE /* InitPIN_CC */,
        ELSEWHERE /* RSM_GetChallenge */, HERE(ETC_RSM_Calculate), ELSEWHERE /* RSM_Unlock */,
        ELSEWHERE /* RSM_UnwrapKey */, ELSEWHERE /* RSM_SetAttributeValue */,
        ELSEWHERE /* DestroyObject */, ELSEWHERE /* FixupPUK_CC */,
        ELSEWHERE /* RSM_CheckFeature */, RESERVED, RESERVED,
#endif
    },
};
#pragma pack(pop)

CK_RV ETC_GetFunctionListEx(void **given)
{
    if (!given)
        return CKR_ARGUMENTS_BAD;
    *given = &list;
    return CKR_OK;
}
