/* A PIN pad: the PIN does not go through the module, but is typed at the token itself. */

#include <string.h>

#include "sim.h"

/* The person at the pad does what `pad.answer` says: types the PIN that the settings have for it,
   cancels, or does nothing until the time is over. A module tells the last two by one value. */
CK_RV pad_asked(struct call *call, const char *whose, CK_BYTE typed[PIN_MOST],
                CK_BYTE **pin, CK_ULONG *length)
{
    CK_BYTE answer[24];
    char key[64];
    long size;

    if (*pin || !setting_yes(call->slot, "pad"))
        return CKR_OK;
    size = setting_text(call->slot, "pad.answer", answer, sizeof answer - 1);
    answer[size < 0 ? 0 : size] = '\0';
    snprintf(key, sizeof key, "pad.%s.pin", whose);
    size = setting_text(call->slot, key, typed, PIN_MOST);
    if (size <= 0 || strcmp((const char *)answer, "types"))
        return CKR_FUNCTION_CANCELED;
    *pin = typed;
    *length = (CK_ULONG)size;
    return CKR_OK;
}
