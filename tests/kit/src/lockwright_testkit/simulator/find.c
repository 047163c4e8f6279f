/* Searches: SoftHSM's, or one that the personality answers from objects of its own. */

#include <string.h>

#include "sim.h"

static bool personality_finds(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    const struct personality *personality = call_personality(call);
    bool found;

    if (!personality->find)
        return false;
    call->session.found_count = 0;
    device_hold(call->device);
    found = personality->find(call, wanted, count);
    device_let_go(call->device);
    return found;
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    struct call call;

    if (!call_on_session(&call, I_C_FindObjectsInit, session))
        return call_end(&call);
    if (call.session.searching) {
        call.rv = CKR_OPERATION_ACTIVE;
    } else if (personality_finds(&call, wanted, count)) {
        call.session.searching = call.rv == CKR_OK;
        session_update(&call.session);
    } else {
        call.rv = call.slot->real->C_FindObjectsInit(call.session.real, wanted, count);
    }
    return call_end(&call);
}

static CK_RV give(struct session *session, CK_OBJECT_HANDLE *objects, CK_ULONG most,
                  CK_ULONG *count)
{
    CK_ULONG given = session->found_count < most ? session->found_count : most;

    if (!objects || !count)
        return CKR_ARGUMENTS_BAD;
    memcpy(objects, session->found, given * sizeof *objects);
    session->found_count -= given;
    memmove(session->found, session->found + given, session->found_count * sizeof *objects);
    session_update(session);
    *count = given;
    return CKR_OK;
}

CK_RV C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG most,
                    CK_ULONG *count)
{
    struct call call;

    if (!call_on_session(&call, I_C_FindObjects, session))
        return call_end(&call);
    if (call.session.searching)
        call.rv = give(&call.session, objects, most, count);
    else
        call.rv = call.slot->real->C_FindObjects(call.session.real, objects, most, count);
    return call_end(&call);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE session)
{
    struct call call;

    if (!call_on_session(&call, I_C_FindObjectsFinal, session))
        return call_end(&call);
    if (call.session.searching) {
        call.session.searching = false;
        session_update(&call.session);
    } else {
        call.rv = call.slot->real->C_FindObjectsFinal(call.session.real);
    }
    return call_end(&call);
}
