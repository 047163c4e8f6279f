/* What all applets of a JaCarta answer alike, and the list of the module's functions. */

#include "jacarta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jacarta_functions.h"

bool jacarta_call(struct call *call, const char *name, CK_SLOT_ID id,
                  const struct personality *kind)
{
    if (!vendor_call_on_slot(call, name, id))
        return false;
    if (call_personality(call) == kind)
        return true;
    call->rv = CKR_FUNCTION_NOT_SUPPORTED;
    return false;
}

bool jacarta_keeps(const struct call *call, const struct personality *kind, const char *ending)
{
    if (call_personality(call) == kind && !strcmp(call->name, ending))
        return true;
    return !setting_yes(call->slot, "challenge.strict") && challenge_kept_usually(call);
}

CK_RV setting_rv(const struct slot *slot, const char *key)
{
    return (CK_RV)setting_number(slot, key);
}

CK_RV JC_GetISD(CK_SLOT_ID id, JC_ISD_DATA *data)
{
    struct call call;
    CK_UTF8CHAR date[sizeof data->manufacturingDate];

    if (vendor_call_on_slot(&call, "JC_GetISD", id)) {
        if (data) {
            setting_field(call.slot, "isd.model", data->model, sizeof data->model);
            setting_field(call.slot, "isd.date", date, sizeof date);
            memcpy(data->manufacturingDate, date, sizeof date);
        } else {
            call.rv = CKR_ARGUMENTS_BAD;
        }
    }
    return call_end(&call);
}

/* Two numbers with a dot between them. */
static void read_pair(const struct slot *slot, const char *key, CK_ULONG *first, CK_ULONG *second)
{
    CK_BYTE text[24] = "";
    unsigned long one = 0, two = 0;

    if (slot && setting_text(slot, key, text, sizeof text - 1) > 0)
        sscanf((const char *)text, "%lu.%lu", &one, &two);
    *first = one;
    *second = two;
}

CK_RV JC_GetVersionInfo(JC_VERSION_INFO *info)
{
    struct call call;
    CK_ULONG part[4];

    if (vendor_call(&call, "JC_GetVersionInfo")) {
        read_pair(call.slot, "library.version", &part[0], &part[1]);
        read_pair(call.slot, "library.build", &part[2], &part[3]);
        if (info)
            memcpy(info, part, sizeof *info);
        else
            call.rv = CKR_ARGUMENTS_BAD;
    }
    return call_end(&call);
}

/* Stands in the list for every function of the vendor's that is not simulated. */
static CK_RV not_simulated(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV JC_GetFunctionList(JC_FUNCTION_LIST **list)
{
    static JC_FUNCTION_LIST functions;

    if (!list)
        return CKR_ARGUMENTS_BAD;
    functions.version = (CK_VERSION){ JC_EXTENSION_VERSION_MAJOR, JC_EXTENSION_VERSION_MINOR };
    for (size_t i = 0; i < JC_FUNCTION_COUNT; i++)
        functions.function[i] = (jc_function)not_simulated;
#define PUT(place, name, parameters) functions.function[place] = (jc_function)name;
    JC_FUNCTIONS(PUT)
#undef PUT
    *list = &functions;
    return CKR_OK;
}
