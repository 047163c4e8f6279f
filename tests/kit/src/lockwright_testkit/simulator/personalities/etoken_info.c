/* ETC_GetErrorInfo: what a call has to say beyond its return value, kept for each thread. */

#include "etoken.h"

static _Thread_local CK_ULONG told[INFO_COUNT];

void etoken_tell(enum etoken_info what, CK_ULONG value)
{
    told[what] = value;
}

void etoken_forget(void)
{
    for (int i = 0; i < INFO_COUNT; i++)
        told[i] = 0;
}

bool etoken_call(struct call *call, const char *name, CK_SESSION_HANDLE session)
{
    etoken_forget();
    return vendor_call_on_session(call, name, session);
}

CK_RV etoken_rv(const struct call *call, const char *key)
{
    return (CK_RV)setting_number(call->slot, key);
}

CK_RV etoken_refuse(const struct call *call, const char *key, CK_ULONG why)
{
    etoken_tell(INFO_EXTENSION, why);
    return etoken_rv(call, key);
}

void etoken_set_yes(struct slot *slot, const char *key, bool yes)
{
    set_text(slot, key, (const CK_BYTE *)(yes ? "yes" : "no"), yes ? 3 : 2);
}

CK_RV etoken_retries(CK_ULONG retries)
{
    return retries >= 1 && retries <= TRIES_MOST ? CKR_OK : CKR_ARGUMENTS_BAD;
}

/* The return value is the information. It names no token, so it reaches none. */
CK_RV ETC_GetErrorInfo(CK_ULONG code, CK_ULONG *parameter)
{
    struct call call;

    if (vendor_call(&call, "ETC_GetErrorInfo"))
        call.rv = code >= INFO_COUNT || parameter ? CKR_ARGUMENTS_BAD : told[code];
    return call_end(&call);
}
