/* What every call goes through before and after its work. */

#include <signal.h>
#include <string.h>

#include "sim.h"

/* With the device found: count, then let removal, faults, delays and challenges have their say. */
static bool begin(struct call *call, int function)
{
    uint64_t count = count_call(call->device, function, call->name);

    if (atomic_load(&call->device->glance.tracing))
        call->started = now_us();
    if (atomic_load(&call->device->glance.faults) && fault_strikes(call, count))
        return false;
    if (atomic_load(&call->device->glance.delays) && !delay_passes(call)) {
        call->rv = CKR_DEVICE_REMOVED;
        return false;
    }
    return true;
}

static bool look(struct call *call)
{
    if (device_look(call->device))
        return true;
    call->rv = CKR_DEVICE_ERROR;
    return false;
}

static struct call fresh(int function, const char *name)
{
    return (struct call){ .name = function >= 0 ? function_names[function] : name };
}

static bool refuse(struct call *call, CK_RV rv)
{
    call->rv = rv;
    return false;
}

/* A call that names nothing we have is counted on the first device. */
static bool unknown(struct call *call, int function, CK_RV rv)
{
    call->device = sim.devices;
    if (!call->device) /* every folder was another module's */
        return refuse(call, rv);
    return look(call) && begin(call, function) ? refuse(call, rv) : false;
}

static bool on_slot(struct call *call, int function, const char *name, CK_SLOT_ID id)
{
    *call = fresh(function, name);
    if (!atomic_load(&sim.ready))
        return refuse(call, CKR_CRYPTOKI_NOT_INITIALIZED);
    call->slot = slot_by_id(id);
    if (!call->slot)
        return unknown(call, function, id_is_empty_slot(id) ? CKR_TOKEN_NOT_PRESENT
                                                            : CKR_SLOT_ID_INVALID);
    call->device = call->slot->device;
    if (!look(call))
        return false;
    sessions_lost(call->slot);
    if (!begin(call, function))
        return false;
    if (!slot_plugged(call->slot))
        return refuse(call, CKR_TOKEN_NOT_PRESENT);
    challenge_void(call);
    return true;
}

static bool on_session(struct call *call, int function, const char *name, CK_SESSION_HANDLE handle)
{
    *call = fresh(function, name);
    if (!atomic_load(&sim.ready))
        return refuse(call, CKR_CRYPTOKI_NOT_INITIALIZED);
    if (!session_enter(call, handle))
        return unknown(call, function, CKR_SESSION_HANDLE_INVALID);
    if (!look(call))
        return false;
    if (call->slot->epoch != atomic_load(&call->device->glance.epoch)) {
        sessions_lost(call->slot);
        call->session.dead = true;
    }
    if (!begin(call, function))
        return false;
    if (call->session.dead) {
        session_bury(call);
        return refuse(call, CKR_DEVICE_REMOVED);
    }
    challenge_void(call);
    return true;
}

bool call_on_slot(struct call *call, enum function function, CK_SLOT_ID id)
{
    return on_slot(call, (int)function, NULL, id);
}

bool call_on_session(struct call *call, enum function function, CK_SESSION_HANDLE session)
{
    return on_session(call, (int)function, NULL, session);
}

bool vendor_call_on_slot(struct call *call, const char *name, CK_SLOT_ID id)
{
    return on_slot(call, -1, name, id);
}

bool vendor_call_on_session(struct call *call, const char *name, CK_SESSION_HANDLE session)
{
    return on_session(call, -1, name, session);
}

/* Counted on every device; the first one's faults count. */
static bool on_module(struct call *call, int function, const char *name)
{
    bool go = true;

    *call = fresh(function, name);
    if (!atomic_load(&sim.ready))
        return refuse(call, CKR_CRYPTOKI_NOT_INITIALIZED);
    for (int i = sim.device_count - 1; i >= 0; i--) {
        call->device = &sim.devices[i];
        go = look(call) && begin(call, function) && go;
    }
    call->slot = sim.device_count ? &sim.devices[0].slots[0] : NULL;
    return go;
}

bool call_on_module(struct call *call, enum function function)
{
    return on_module(call, (int)function, NULL);
}

bool vendor_call(struct call *call, const char *name)
{
    return on_module(call, -1, name);
}

const struct personality *call_personality(const struct call *call)
{
    return call->slot->personality;
}

CK_RV call_end(struct call *call)
{
    if (!call->device)
        return call->rv;
    if (call->session.handle) {
        /* The token may have been pulled out while the work was under way. */
        if (!call->session.dead && device_look(call->device)
            && call->slot->epoch != atomic_load(&call->device->glance.epoch))
            call->rv = CKR_DEVICE_REMOVED;
        session_leave(call);
    }
    if (call->die_after)
        raise(SIGKILL);
    if (call->forced)
        call->rv = call->forced;
    if (call->started)
        trace(call);
    return call->rv;
}
