/*
 * Sessions. Beneath, every session is read-write: SoftHSM refuses to act as SO while a read-only
 * one is open, and a card has no such scruple. The kind that the caller asked for is kept here.
 */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { BUCKETS = 256 };

static struct session *table[BUCKETS];
static CK_SESSION_HANDLE last_handle;

static struct session **place(CK_SESSION_HANDLE handle)
{
    struct session **at = &table[handle % BUCKETS];

    while (*at && (*at)->handle != handle)
        at = &(*at)->next;
    return at;
}

static void forget(struct session **at)
{
    struct session *gone = *at;

    *at = gone->next;
    free(gone);
}

/* With the mutex held: close what SoftHSM still has open of a token that was removed. */
static void settle(struct slot *slot)
{
    if (slot->stale && !slot->in_flight) {
        slot->real->C_CloseAllSessions(slot->real_slot);
        slot->stale = false;
    }
}

bool session_enter(struct call *call, CK_SESSION_HANDLE handle)
{
    struct session *session;

    pthread_mutex_lock(&sim.mutex);
    session = *place(handle);
    if (session) {
        call->session = *session;
        call->slot = session->slot;
        call->device = session->slot->device;
        session->slot->in_flight++;
    }
    pthread_mutex_unlock(&sim.mutex);
    return session != NULL;
}

void session_leave(struct call *call)
{
    pthread_mutex_lock(&sim.mutex);
    call->slot->in_flight--;
    settle(call->slot);
    pthread_mutex_unlock(&sim.mutex);
}

void session_update(const struct session *changed)
{
    struct session *session, *next;

    pthread_mutex_lock(&sim.mutex);
    session = *place(changed->handle);
    if (session) {
        next = session->next;
        *session = *changed;
        session->next = next;
    }
    pthread_mutex_unlock(&sim.mutex);
}

void session_device_error(const struct call *call, CK_ULONG value)
{
    struct session changed = call->session;

    changed.device_error = value;
    session_update(&changed);
}

/* With the mutex held: the sessions of a slot, or all of them if slot is NULL, are no more. */
static void forget_of(const struct slot *slot)
{
    for (int i = 0; i < BUCKETS; i++)
        for (struct session **at = &table[i], *session; (session = *at);)
            if (slot && session->slot != slot)
                at = &session->next;
            else
                forget(at);
}

static void mark_dead(const struct slot *slot)
{
    for (int i = 0; i < BUCKETS; i++)
        for (struct session *at = table[i]; at; at = at->next)
            at->dead = at->dead || at->slot == slot;
}

void sessions_lost(struct slot *slot)
{
    unsigned long epoch = atomic_load(&slot->device->glance.epoch);

    pthread_mutex_lock(&sim.mutex);
    if (slot->epoch != epoch) {
        slot->epoch = epoch;
        slot->stale = true;
        mark_dead(slot);
        settle(slot);
    }
    pthread_mutex_unlock(&sim.mutex);
}

/* SoftHSM closed the slot's sessions under their callers, who know nothing of it: open others. */
bool sessions_renew(struct slot *slot)
{
    bool done = true;

    pthread_mutex_lock(&sim.mutex);
    for (int i = 0; i < BUCKETS; i++)
        for (struct session *at = table[i]; at; at = at->next)
            if (at->slot == slot && !at->dead)
                done = slot->real->C_OpenSession(slot->real_slot, at->flags | CKF_RW_SESSION, NULL,
                                                 NULL, &at->real) == CKR_OK && done;
    pthread_mutex_unlock(&sim.mutex);
    return done;
}

void sessions_forget(void)
{
    forget_of(NULL);
}

CK_ULONG session_count(const struct slot *slot, CK_FLAGS flags)
{
    CK_ULONG count = 0;

    pthread_mutex_lock(&sim.mutex);
    for (int i = 0; i < BUCKETS; i++)
        for (struct session *at = table[i]; at; at = at->next)
            count += at->slot == slot && !at->dead && (at->flags & flags) == flags;
    pthread_mutex_unlock(&sim.mutex);
    return count;
}

bool slot_has_sessions(const struct slot *slot)
{
    return session_count(slot, 0) > 0;
}

bool slot_has_read_only_session(const struct slot *slot)
{
    return session_count(slot, 0) > session_count(slot, CKF_RW_SESSION);
}

void session_bury(const struct call *call)
{
    pthread_mutex_lock(&sim.mutex);
    if (*place(call->session.handle))
        forget(place(call->session.handle));
    pthread_mutex_unlock(&sim.mutex);
    device_give_back(call->device);
}

static CK_RV opened(struct slot *slot, CK_FLAGS flags, CK_SESSION_HANDLE *handle)
{
    struct session *session;
    CK_SESSION_HANDLE real;
    CK_RV rv;

    pthread_mutex_lock(&sim.mutex);
    settle(slot);
    rv = slot->stale ? CKR_DEVICE_ERROR
                     : slot->real->C_OpenSession(slot->real_slot, flags | CKF_RW_SESSION, NULL,
                                                 NULL, &real);
    if (rv == CKR_OK) {
        session = need(sizeof *session);
        *session = (struct session){ .handle = ++last_handle, .real = real, .slot = slot,
                                     .flags = flags };
        *place(session->handle) = session;
        *handle = session->handle;
    }
    pthread_mutex_unlock(&sim.mutex);
    return rv;
}

CK_RV session_open(struct slot *slot, CK_FLAGS flags, CK_SESSION_HANDLE *handle)
{
    CK_RV rv;
    long violation = setting_number(slot, "sharing.violation");

    if (violation && !device_take(slot->device))
        return (CK_RV)violation;
    if ((flags & CKF_RW_SESSION) && setting_yes(slot, "write.protected"))
        return CKR_TOKEN_WRITE_PROTECTED;
    if (!(flags & CKF_RW_SESSION) && login_state(slot) == CKS_RW_SO_FUNCTIONS)
        return CKR_SESSION_READ_WRITE_SO_EXISTS;
    rv = opened(slot, flags, handle);
    /* SoftHSM takes a token whose file another process rewrites, at a login, for an empty one. */
    if (rv == CKR_TOKEN_NOT_RECOGNIZED && state_lock(slot->device)) {
        rv = opened(slot, flags, handle);
        state_unlock(slot->device);
    }
    return rv;
}

CK_RV C_OpenSession(CK_SLOT_ID id, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                    CK_SESSION_HANDLE *session)
{
    struct call call;

    (void)application;
    (void)notify; /* the simulator has nothing to notify of */
    if (call_on_slot(&call, I_C_OpenSession, id)) {
        if (!session)
            call.rv = CKR_ARGUMENTS_BAD;
        else if (!(flags & CKF_SERIAL_SESSION))
            call.rv = CKR_SESSION_PARALLEL_NOT_SUPPORTED;
        else if (!setting_yes(call.slot, "initialized"))
            call.rv = CKR_TOKEN_NOT_RECOGNIZED;
        else
            call.rv = session_open(call.slot, flags, session);
        /* What needs no login is open to whoever has a session. */
        if (call.rv == CKR_OK && !setting_yes(call.slot, "login.required")
            && login_state(call.slot) == CKS_RW_PUBLIC_SESSION)
            call.rv = login_as(&call, CKU_USER);
    }
    return call_end(&call);
}

CK_RV C_CloseSession(CK_SESSION_HANDLE session)
{
    struct call call;

    if (call_on_session(&call, I_C_CloseSession, session)) {
        call.rv = call.slot->real->C_CloseSession(call.session.real);
        session_bury(&call);
    }
    return call_end(&call);
}

CK_RV C_CloseAllSessions(CK_SLOT_ID id)
{
    struct call call;

    if (call_on_slot(&call, I_C_CloseAllSessions, id)) {
        call.rv = call.slot->real->C_CloseAllSessions(call.slot->real_slot);
        pthread_mutex_lock(&sim.mutex);
        forget_of(call.slot);
        pthread_mutex_unlock(&sim.mutex);
        device_give_back(call.device);
    }
    return call_end(&call);
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    struct call call;

    if (call_on_session(&call, I_C_GetSessionInfo, session)) {
        call.rv = call.slot->real->C_GetSessionInfo(call.session.real, info);
        if (call.rv == CKR_OK) {
            info->slotID = slot_id(call.slot);
            info->flags = call.session.flags;
            info->ulDeviceError = call.session.device_error;
            if (!(info->flags & CKF_RW_SESSION))
                info->state -= CKS_RW_PUBLIC_SESSION; /* the read-only twin */
        }
    }
    return call_end(&call);
}
