/* ETC_TokenIOCTL, code 1: what the policy would say to a password. */

#include <stdint.h>

#include "etoken.h"

enum { QUALITY_BAD = 0, QUALITY_GOOD = 100 }; /* per cent; how it is weighed is not public */

static CK_RV evaluate(struct call *call, const void *candidate, CK_ULONG length, void *output,
                      CK_ULONG *output_length)
{
    CK_BYTE present[PASSWORD_MOST];
    int32_t quality;
    CK_ULONG bits;

    if (!candidate) { /* the password as it is */
        long present_length = setting_text(call->slot, "user.pin", present, sizeof present);
        candidate = present;
        length = (CK_ULONG)(present_length < 0 ? 0 : present_length);
    }
    bits = etoken_problems(call, candidate, length);
    session_device_error(call, bits);
    quality = bits ? QUALITY_BAD : QUALITY_GOOD;
    return give_output(&quality, sizeof quality, output, output_length);
}

CK_RV ETC_TokenIOCTL(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG code, void *input,
                     CK_ULONG input_length, void *output, CK_ULONG *output_length)
{
    struct call call;

    (void)object;
    if (etoken_call(&call, "ETC_TokenIOCTL", session)) {
        if (code != ETCK_IOCTL_PIN_EVALUATE || !setting_yes(call.slot, "evaluate"))
            call.rv = CKR_FUNCTION_NOT_SUPPORTED;
        else
            call.rv = evaluate(&call, input, input_length, output, output_length);
    }
    return call_end(&call);
}
