/* The login that PKCS#11 keeps for this application; SoftHSM keeps it for us. */

#include "sim.h"

static CK_RV with_own_session(struct slot *slot, CK_RV (*act)(struct slot *, CK_SESSION_HANDLE,
                                                             CK_USER_TYPE), CK_USER_TYPE user)
{
    CK_SESSION_HANDLE session;
    CK_RV rv = slot->real->C_OpenSession(slot->real_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                         NULL, NULL, &session);

    if (rv == CKR_OK) {
        rv = act(slot, session, user);
        slot->real->C_CloseSession(session);
    }
    return rv;
}

static CK_RV act_login(struct slot *slot, CK_SESSION_HANDLE session, CK_USER_TYPE user)
{
    CK_BYTE pin[PIN_MOST];
    long length = setting_text(slot, user == CKU_SO ? "card.so.pin" : "card.user.pin", pin,
                               sizeof pin);

    return slot->real->C_Login(session, user, pin, (CK_ULONG)(length < 0 ? 0 : length));
}

static CK_RV act_state(struct slot *slot, CK_SESSION_HANDLE session, CK_USER_TYPE user)
{
    CK_SESSION_INFO info;

    (void)user;
    if (slot->real->C_GetSessionInfo(session, &info) != CKR_OK)
        return CKS_RW_PUBLIC_SESSION;
    return info.state;
}

static CK_RV act_logout(struct slot *slot, CK_SESSION_HANDLE session, CK_USER_TYPE user)
{
    (void)user;
    return slot->real->C_Logout(session);
}

/* Under the lock of all processes: SoftHSM rewrites its token's file at every login, and another
   process that reads it meanwhile fails with CKR_GENERAL_ERROR. */
CK_RV login_as(struct call *call, CK_USER_TYPE user)
{
    CK_RV rv;

    if (!state_begin(call))
        return call->rv;
    rv = with_own_session(call->slot, act_login, user);
    state_commit(call);
    return rv;
}

CK_STATE login_state(struct slot *slot)
{
    return with_own_session(slot, act_state, CKU_USER);
}

void logout(struct slot *slot)
{
    if (login_state(slot) != CKS_RW_PUBLIC_SESSION)
        with_own_session(slot, act_logout, CKU_USER);
}
