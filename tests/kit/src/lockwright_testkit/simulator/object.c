/* Objects: the caller's kind of session, what cannot be destroyed, what a vendor adds. */

#include <string.h>

#include "crypto.h"
#include "sim.h"

static bool vendor_object(const struct call *call, CK_OBJECT_HANDLE object)
{
    return object >= VENDOR_OBJECT && call_personality(call)->get_attribute;
}

/* An attribute as SoftHSM has it, at most `most` bytes; its length, 0 if it is not to be had. */
static CK_ULONG real_bytes(const struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
                           void *value, CK_ULONG most)
{
    CK_ATTRIBUTE attribute = { type, value, most };
    CK_RV rv = call->slot->real->C_GetAttributeValue(call->session.real, object, &attribute, 1);

    return rv == CKR_OK ? attribute.ulValueLen : 0;
}

bool real_bool(const struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
    CK_BBOOL value = CK_FALSE;

    return real_bytes(call, object, type, &value, sizeof value) == sizeof value && value;
}

static bool quirks(const struct call *call)
{
    return atomic_load(&call->device->glance.quirks);
}

static bool another_has_id(struct slot *slot, CK_ATTRIBUTE *like, CK_ULONG count)
{
    CK_FUNCTION_LIST *real = slot->real;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE found;
    CK_ULONG found_count = 0;

    if (real->C_OpenSession(slot->real_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                            &session) != CKR_OK)
        return false;
    if (real->C_FindObjectsInit(session, like, count) == CKR_OK)
        real->C_FindObjects(session, &found, 1, &found_count);
    real->C_CloseSession(session);
    return found_count > 0;
}

/* Some cards refuse a second object of one kind with the same CKA_ID. */
static bool id_is_taken(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    CK_BBOOL yes = CK_TRUE;
    const CK_ATTRIBUTE *id = attribute_of(wanted, count, CKA_ID);
    const CK_ATTRIBUTE *class = attribute_of(wanted, count, CKA_CLASS);
    CK_ATTRIBUTE like[3] = { { CKA_TOKEN, &yes, sizeof yes } };
    CK_ULONG like_count = 1;

    if (!quirks(call) || !id || !id->ulValueLen || !setting_yes(call->slot, "id.unique"))
        return false;
    like[like_count++] = *id;
    if (class)
        like[like_count++] = *class;
    return another_has_id(call->slot, like, like_count);
}

CK_RV objects_allowed(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count, bool token)
{
    if (!token)
        return CKR_OK;
    if (!(call->session.flags & CKF_RW_SESSION))
        return CKR_SESSION_READ_ONLY;
    if (id_is_taken(call, wanted, count))
        return (CK_RV)setting_number(call->slot, "id.unique.rv");
    return CKR_OK;
}

static CK_RV create(struct call *call, CK_ATTRIBUTE *wanted, CK_ULONG count,
                    CK_OBJECT_HANDLE *object)
{
    bool token = bool_of(wanted, count, CKA_TOKEN, false);
    CK_RV rv = objects_allowed(call, wanted, count, token);

    if (rv == CKR_OK)
        rv = call->slot->real->C_CreateObject(call->session.real, wanted, count, object);
    return rv == CKR_OK ? objects_fit(call, token, object, 1) : rv;
}

CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, CK_ULONG count,
                     CK_OBJECT_HANDLE *object)
{
    struct call call;

    if (call_on_session(&call, I_C_CreateObject, session)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        bool answered = personality->create && personality->create(&call, wanted, count, object);
        device_let_go(call.device);
        if (!answered)
            call.rv = create(&call, wanted, count, object);
    }
    return call_end(&call);
}

CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *wanted,
                   CK_ULONG count, CK_OBJECT_HANDLE *copy)
{
    struct call call;

    if (call_on_session(&call, I_C_CopyObject, session)) {
        bool token = bool_of(wanted, count, CKA_TOKEN, real_bool(&call, object, CKA_TOKEN));
        call.rv = objects_allowed(&call, wanted, count, token);
        if (call.rv == CKR_OK)
            call.rv = call.slot->real->C_CopyObject(call.session.real, object, wanted, count, copy);
        if (call.rv == CKR_OK)
            call.rv = objects_fit(&call, token, copy, 1);
    }
    return call_end(&call);
}

/* `undestroyable` is label:TEXT or id:HEX. */
static bool undestroyable(const struct call *call, CK_OBJECT_HANDLE object)
{
    CK_BYTE value[256], protected[256];
    char rule[600];
    long length;
    bool by_id;

    if (!quirks(call))
        return false;
    device_hold(call->device);
    snprintf(rule, sizeof rule, "%s", setting(call->slot, "undestroyable"));
    device_let_go(call->device);
    by_id = !strncmp(rule, "id:", 3);
    if (!by_id && strncmp(rule, "label:", 6))
        return false;
    length = by_id ? from_hex(rule + 3, protected, sizeof protected)
                   : unescape(rule + 6, protected, sizeof protected);
    return length >= 0
           && same_bytes(protected, (size_t)length, value,
                         real_bytes(call, object, by_id ? CKA_ID : CKA_LABEL, value, sizeof value));
}

static CK_RV destroy(struct call *call, CK_OBJECT_HANDLE object)
{
    if (undestroyable(call, object))
        return (CK_RV)setting_number(call->slot, "undestroyable.rv");
    if (!(call->session.flags & CKF_RW_SESSION) && real_bool(call, object, CKA_TOKEN))
        return CKR_SESSION_READ_ONLY;
    return call->slot->real->C_DestroyObject(call->session.real, object);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    struct call call;

    if (call_on_session(&call, I_C_DestroyObject, session)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        if (!vendor_object(&call, object))
            call.rv = destroy(&call, object);
        else if (!personality->destroy || !personality->destroy(&call, object))
            call.rv = CKR_ACTION_PROHIBITED;
        device_let_go(call.device);
    }
    return call_end(&call);
}

/* The worst of several attributes' answers, as C_GetAttributeValue gives one for all. */
static CK_RV vendor_attributes(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *wanted,
                               CK_ULONG count)
{
    CK_RV rv = CKR_OK;

    device_hold(call->device);
    for (CK_ULONG i = 0; i < count; i++) {
        CK_RV one = call_personality(call)->get_attribute(call, object, &wanted[i]);
        if (one != CKR_OK) {
            wanted[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
            rv = one;
        }
    }
    device_let_go(call->device);
    return rv;
}

/* A request for more attributes than the module bears: refused, and counted for the curious. */
static bool too_long(struct call *call, CK_ULONG count)
{
    long most = quirks(call) ? setting_number(call->slot, "attributes.most") : 0;

    if (!most || count <= (CK_ULONG)most || !state_begin(call))
        return false;
    set_number(call->slot, "attributes.long", setting_number(call->slot, "attributes.long") + 1);
    state_commit(call);
    call->rv = (CK_RV)setting_number(call->slot, "attributes.most.rv");
    return true;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *wanted,
                          CK_ULONG count)
{
    struct call call;

    if (!call_on_session(&call, I_C_GetAttributeValue, session) || too_long(&call, count))
        return call_end(&call);
    if (wanted && vendor_object(&call, object))
        call.rv = vendor_attributes(&call, object, wanted, count);
    else
        call.rv = call.slot->real->C_GetAttributeValue(call.session.real, object, wanted, count);
    if ((call.rv == CKR_ATTRIBUTE_TYPE_INVALID || call.rv == CKR_ATTRIBUTE_SENSITIVE)
        && quirks(&call) && setting_yes(call.slot, "attributes.unavailable"))
        call.rv = CKR_OK; /* the lengths say CK_UNAVAILABLE_INFORMATION */
    return call_end(&call);
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *wanted,
                          CK_ULONG count)
{
    struct call call;

    if (!call_on_session(&call, I_C_SetAttributeValue, session))
        return call_end(&call);
    if (vendor_object(&call, object)) {
        const struct personality *personality = call_personality(&call);
        device_hold(call.device);
        if (!personality->set_attributes
            || !personality->set_attributes(&call, object, wanted, count))
            call.rv = CKR_ATTRIBUTE_READ_ONLY;
        device_let_go(call.device);
    } else if (!(call.session.flags & CKF_RW_SESSION) && real_bool(&call, object, CKA_TOKEN)) {
        call.rv = CKR_SESSION_READ_ONLY;
    } else {
        call.rv = call.slot->real->C_SetAttributeValue(call.session.real, object, wanted, count);
    }
    return call_end(&call);
}
