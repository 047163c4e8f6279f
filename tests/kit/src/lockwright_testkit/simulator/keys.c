/* Functions that make keys: as objects, they need a session of the right kind, and memory. */

#include "sim.h"

CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *wanted,
                    CK_ULONG count, CK_OBJECT_HANDLE *key)
{
    struct call call;
    bool token = bool_of(wanted, count, CKA_TOKEN, false);

    if (!call_on_session(&call, I_C_GenerateKey, session))
        return call_end(&call);
    call.rv = objects_allowed(&call, wanted, count, token);
    if (call.rv == CKR_OK)
        call.rv = call.slot->real->C_GenerateKey(call.session.real, mechanism, wanted, count, key);
    if (call.rv == CKR_OK)
        call.rv = objects_fit(&call, token, key, 1);
    return call_end(&call);
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public,
                        CK_ULONG public_count, CK_ATTRIBUTE *private, CK_ULONG private_count,
                        CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
    struct call call;
    bool public_token = bool_of(public, public_count, CKA_TOKEN, false);
    bool private_token = bool_of(private, private_count, CKA_TOKEN, false);

    if (!call_on_session(&call, I_C_GenerateKeyPair, session))
        return call_end(&call);
    call.rv = objects_allowed(&call, public, public_count, public_token);
    if (call.rv == CKR_OK)
        call.rv = objects_allowed(&call, private, private_count, private_token);
    if (call.rv == CKR_OK)
        call.rv = call.slot->real->C_GenerateKeyPair(call.session.real, mechanism, public,
                                                     public_count, private, private_count,
                                                     public_key, private_key);
    if (call.rv == CKR_OK) {
        CK_OBJECT_HANDLE both[] = { *public_key, *private_key };
        call.rv = objects_fit(&call, public_token || private_token, both, 2);
    }
    return call_end(&call);
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE unwrapping,
                  CK_BYTE *wrapped, CK_ULONG wrapped_length, CK_ATTRIBUTE *wanted, CK_ULONG count,
                  CK_OBJECT_HANDLE *key)
{
    struct call call;
    bool token = bool_of(wanted, count, CKA_TOKEN, false);

    if (!call_on_session(&call, I_C_UnwrapKey, session))
        return call_end(&call);
    call.rv = objects_allowed(&call, wanted, count, token);
    if (call.rv == CKR_OK)
        call.rv = call.slot->real->C_UnwrapKey(call.session.real, mechanism, unwrapping, wrapped,
                                               wrapped_length, wanted, count, key);
    if (call.rv == CKR_OK)
        call.rv = objects_fit(&call, token, key, 1);
    return call_end(&call);
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base,
                  CK_ATTRIBUTE *wanted, CK_ULONG count, CK_OBJECT_HANDLE *key)
{
    struct call call;
    bool token = bool_of(wanted, count, CKA_TOKEN, false);

    if (!call_on_session(&call, I_C_DeriveKey, session))
        return call_end(&call);
    call.rv = objects_allowed(&call, wanted, count, token);
    if (call.rv == CKR_OK)
        call.rv = call.slot->real->C_DeriveKey(call.session.real, mechanism, base, wanted, count,
                                               key);
    if (call.rv == CKR_OK)
        call.rv = objects_fit(&call, token, key, 1);
    return call_end(&call);
}
