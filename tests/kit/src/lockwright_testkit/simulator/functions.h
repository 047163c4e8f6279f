/*
 * The functions of PKCS#11 v2.40 in the order of CK_FUNCTION_LIST, one line each.
 *
 * OWN(name, parameters): the simulator answers it with a function of its own.
 * FORWARD(name, parameters, arguments): it goes to SoftHSM as it came; `session` in the arguments
 * is SoftHSM's handle.
 */

#ifndef SIM_FUNCTIONS_H
#define SIM_FUNCTIONS_H

#include "cryptoki.h"

#define SESSION CK_SESSION_HANDLE session
#define OBJECT(name) CK_OBJECT_HANDLE name
#define MECHANISM CK_MECHANISM *mechanism
#define IN(name) CK_BYTE *name, CK_ULONG name##_length
#define OUT(name) CK_BYTE *name, CK_ULONG *name##_length
#define TEMPLATE(name) CK_ATTRIBUTE *name, CK_ULONG name##_count
#define BYTES(name) name, name##_length

#define SIM_FUNCTIONS(OWN, FORWARD) \
    OWN(C_Initialize, (void *arguments)) \
    OWN(C_Finalize, (void *reserved)) \
    OWN(C_GetInfo, (CK_INFO *info)) \
    OWN(C_GetFunctionList, (struct CK_FUNCTION_LIST **list)) \
    OWN(C_GetSlotList, (CK_BBOOL present, CK_SLOT_ID *ids, CK_ULONG *count)) \
    OWN(C_GetSlotInfo, (CK_SLOT_ID id, CK_SLOT_INFO *info)) \
    OWN(C_GetTokenInfo, (CK_SLOT_ID id, CK_TOKEN_INFO *info)) \
    OWN(C_GetMechanismList, (CK_SLOT_ID id, CK_MECHANISM_TYPE *types, CK_ULONG *count)) \
    OWN(C_GetMechanismInfo, (CK_SLOT_ID id, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)) \
    OWN(C_InitToken, (CK_SLOT_ID id, IN(pin), CK_UTF8CHAR *label)) \
    OWN(C_InitPIN, (SESSION, IN(pin))) \
    OWN(C_SetPIN, (SESSION, IN(old), IN(pin))) \
    OWN(C_OpenSession, (CK_SLOT_ID id, CK_FLAGS flags, void *application, CK_NOTIFY notify, \
                        CK_SESSION_HANDLE *session)) \
    OWN(C_CloseSession, (SESSION)) \
    OWN(C_CloseAllSessions, (CK_SLOT_ID id)) \
    OWN(C_GetSessionInfo, (SESSION, CK_SESSION_INFO *info)) \
    FORWARD(C_GetOperationState, (SESSION, OUT(state)), (session, BYTES(state))) \
    FORWARD(C_SetOperationState, (SESSION, IN(state), OBJECT(encryption), OBJECT(authentication)), \
            (session, BYTES(state), encryption, authentication)) \
    OWN(C_Login, (SESSION, CK_USER_TYPE user, IN(pin))) \
    OWN(C_Logout, (SESSION)) \
    OWN(C_CreateObject, (SESSION, TEMPLATE(wanted), CK_OBJECT_HANDLE *object)) \
    OWN(C_CopyObject, (SESSION, OBJECT(object), TEMPLATE(wanted), CK_OBJECT_HANDLE *copy)) \
    OWN(C_DestroyObject, (SESSION, OBJECT(object))) \
    FORWARD(C_GetObjectSize, (SESSION, OBJECT(object), CK_ULONG *size), (session, object, size)) \
    OWN(C_GetAttributeValue, (SESSION, OBJECT(object), TEMPLATE(wanted))) \
    OWN(C_SetAttributeValue, (SESSION, OBJECT(object), TEMPLATE(wanted))) \
    OWN(C_FindObjectsInit, (SESSION, TEMPLATE(wanted))) \
    OWN(C_FindObjects, (SESSION, CK_OBJECT_HANDLE *objects, CK_ULONG most, CK_ULONG *count)) \
    OWN(C_FindObjectsFinal, (SESSION)) \
    FORWARD(C_EncryptInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_Encrypt, (SESSION, IN(data), OUT(result)), (session, BYTES(data), BYTES(result))) \
    FORWARD(C_EncryptUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    FORWARD(C_EncryptFinal, (SESSION, OUT(result)), (session, BYTES(result))) \
    FORWARD(C_DecryptInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_Decrypt, (SESSION, IN(data), OUT(result)), (session, BYTES(data), BYTES(result))) \
    FORWARD(C_DecryptUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    FORWARD(C_DecryptFinal, (SESSION, OUT(result)), (session, BYTES(result))) \
    FORWARD(C_DigestInit, (SESSION, MECHANISM), (session, mechanism)) \
    FORWARD(C_Digest, (SESSION, IN(data), OUT(result)), (session, BYTES(data), BYTES(result))) \
    FORWARD(C_DigestUpdate, (SESSION, IN(part)), (session, BYTES(part))) \
    FORWARD(C_DigestKey, (SESSION, OBJECT(key)), (session, key)) \
    FORWARD(C_DigestFinal, (SESSION, OUT(result)), (session, BYTES(result))) \
    FORWARD(C_SignInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_Sign, (SESSION, IN(data), OUT(result)), (session, BYTES(data), BYTES(result))) \
    FORWARD(C_SignUpdate, (SESSION, IN(part)), (session, BYTES(part))) \
    FORWARD(C_SignFinal, (SESSION, OUT(result)), (session, BYTES(result))) \
    FORWARD(C_SignRecoverInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_SignRecover, (SESSION, IN(data), OUT(result)), \
            (session, BYTES(data), BYTES(result))) \
    FORWARD(C_VerifyInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_Verify, (SESSION, IN(data), IN(mark)), (session, BYTES(data), BYTES(mark))) \
    FORWARD(C_VerifyUpdate, (SESSION, IN(part)), (session, BYTES(part))) \
    FORWARD(C_VerifyFinal, (SESSION, IN(mark)), (session, BYTES(mark))) \
    FORWARD(C_VerifyRecoverInit, (SESSION, MECHANISM, OBJECT(key)), (session, mechanism, key)) \
    FORWARD(C_VerifyRecover, (SESSION, IN(mark), OUT(result)), \
            (session, BYTES(mark), BYTES(result))) \
    FORWARD(C_DigestEncryptUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    FORWARD(C_DecryptDigestUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    FORWARD(C_SignEncryptUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    FORWARD(C_DecryptVerifyUpdate, (SESSION, IN(part), OUT(result)), \
            (session, BYTES(part), BYTES(result))) \
    OWN(C_GenerateKey, (SESSION, MECHANISM, TEMPLATE(wanted), CK_OBJECT_HANDLE *key)) \
    OWN(C_GenerateKeyPair, (SESSION, MECHANISM, TEMPLATE(public), TEMPLATE(private), \
                            CK_OBJECT_HANDLE *public_key, \
                            CK_OBJECT_HANDLE *private_key)) \
    FORWARD(C_WrapKey, (SESSION, MECHANISM, OBJECT(wrapping), OBJECT(key), OUT(result)), \
            (session, mechanism, wrapping, key, BYTES(result))) \
    OWN(C_UnwrapKey, (SESSION, MECHANISM, OBJECT(unwrapping), IN(wrapped), TEMPLATE(wanted), \
                      CK_OBJECT_HANDLE *key)) \
    OWN(C_DeriveKey, (SESSION, MECHANISM, OBJECT(base), TEMPLATE(wanted), CK_OBJECT_HANDLE *key)) \
    FORWARD(C_SeedRandom, (SESSION, IN(seed)), (session, BYTES(seed))) \
    FORWARD(C_GenerateRandom, (SESSION, IN(data)), (session, BYTES(data))) \
    FORWARD(C_GetFunctionStatus, (SESSION), (session)) \
    FORWARD(C_CancelFunction, (SESSION), (session)) \
    OWN(C_WaitForSlotEvent, (CK_FLAGS flags, CK_SLOT_ID *id, void *reserved))

struct CK_FUNCTION_LIST;

#define EXPORT __attribute__((visibility("default")))

#define DECLARE(name, parameters) EXPORT CK_RV name parameters;
#define DECLARE_FORWARD(name, parameters, arguments) DECLARE(name, parameters)
SIM_FUNCTIONS(DECLARE, DECLARE_FORWARD)
#undef DECLARE
#undef DECLARE_FORWARD

#define POINTER(name, parameters) CK_RV (*name) parameters;
#define POINTER_FORWARD(name, parameters, arguments) POINTER(name, parameters)
typedef struct CK_FUNCTION_LIST {
    CK_VERSION version;
    SIM_FUNCTIONS(POINTER, POINTER_FORWARD)
} CK_FUNCTION_LIST;
#undef POINTER
#undef POINTER_FORWARD

/* The place of each function: I_C_Login and so on. */
#define INDEX(name, parameters) I_##name,
#define INDEX_FORWARD(name, parameters, arguments) I_##name,
enum function { SIM_FUNCTIONS(INDEX, INDEX_FORWARD) FUNCTION_COUNT };
#undef INDEX
#undef INDEX_FORWARD

extern const char *const function_names[FUNCTION_COUNT];


#endif
