/* The pending challenge: on the card, so every process sees it and any of them may void it. */

#include <string.h>

#include "crypto.h"
#include "sim.h"

enum { CHALLENGE_MOST = 64 };

CK_RV challenge_open(struct call *call, CK_BYTE *challenge, size_t length)
{
    CK_RV rv = length > CHALLENGE_MOST ? CKR_ARGUMENTS_BAD
                                       : random_bytes(call->slot, challenge, length);

    if (rv == CKR_OK && state_begin(call)) {
        set_hex(call->slot, "challenge", challenge, length);
        state_commit(call);
        rv = call->rv;
    }
    return rv;
}

size_t challenge_take(struct call *call, CK_BYTE *challenge, size_t most)
{
    long length = 0;

    if (state_begin(call)) {
        length = setting_hex(call->slot, "challenge", challenge, most);
        set_default(call->slot, "challenge");
        state_commit(call);
    }
    return length > 0 && call->rv == CKR_OK ? (size_t)length : 0;
}

bool challenge_kept_usually(const struct call *call)
{
    static const char *const gentle[] = {
        "C_GetSlotInfo", "C_GetMechanismList", "C_GetMechanismInfo", "C_GetSessionInfo",
        "C_OpenSession", "C_CloseSession", "C_CloseAllSessions",
    };

    for (size_t i = 0; i < sizeof gentle / sizeof *gentle; i++)
        if (!strcmp(call->name, gentle[i]))
            return true;
    return false;
}

static bool keeps(const struct call *call, const struct slot *slot)
{
    const struct personality *personality = slot->personality;

    return personality->keeps_challenge ? personality->keeps_challenge(call)
                                        : challenge_kept_usually(call);
}

void challenge_void(struct call *call)
{
    struct device *device = call->device;

    if (!atomic_load(&device->glance.challenge))
        return;
    /* Applets of one card share its volatile memory: whose call it was does not matter. */
    for (int i = 0; i < device->slot_count; i++) {
        struct slot *slot = &device->slots[i];
        if (!keeps(call, slot) && state_begin(call)) {
            set_default(slot, "challenge");
            state_commit(call);
        }
    }
}
