/* Slots: which there are, what they are called, and what happens at them. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { FIRST_EMPTY = 0x10000, STEP_OF_DEVICE = 16, STEP_OF_MOVE = 0x100 };

bool slot_plugged(const struct slot *slot)
{
    return !(atomic_load(&slot->device->glance.epoch) & 1);
}

CK_SLOT_ID slot_id(const struct slot *slot)
{
    struct device *device = slot->device;
    unsigned long plugs = atomic_load(&device->glance.epoch) / 2;

    return device->first_id + (CK_ULONG)slot->index
           + (device->id_moves ? STEP_OF_MOVE * (plugs - 1) : 0);
}

static void number(struct device *device)
{
    const char *first = device_setting(device, "slot.first");

    device->first_id = *first ? strtoul(first, NULL, 0)
                              : (CK_SLOT_ID)(device - sim.devices) * STEP_OF_DEVICE;
    device->id_moves = !strcmp(device_setting(device, "slot.moves"), "yes");
    device->empty_slots = strtoul(device_setting(device, "slots.empty"), NULL, 0);
}

void slots_number(void)
{
    for (int i = 0; i < sim.device_count; i++)
        number(&sim.devices[i]);
}

struct slot *slot_by_id(CK_SLOT_ID id)
{
    for (int d = 0; d < sim.device_count; d++) {
        device_look(&sim.devices[d]); /* its ids may have moved */
        for (int s = 0; s < sim.devices[d].slot_count; s++)
            if (slot_id(&sim.devices[d].slots[s]) == id)
                return &sim.devices[d].slots[s];
    }
    return NULL;
}

static CK_ULONG empty_slots(void)
{
    CK_ULONG count = 0;

    for (int i = 0; i < sim.device_count; i++)
        count += sim.devices[i].empty_slots;
    return count;
}

bool id_is_empty_slot(CK_SLOT_ID id)
{
    return id >= FIRST_EMPTY && id < FIRST_EMPTY + empty_slots();
}

static void add(CK_SLOT_ID id, CK_SLOT_ID *ids, CK_ULONG room, CK_ULONG *count)
{
    if (ids && *count < room)
        ids[*count] = id;
    ++*count;
}

static CK_RV list(CK_BBOOL present, CK_SLOT_ID *ids, CK_ULONG *count)
{
    CK_ULONG room = *count;

    *count = 0;
    for (int d = 0; d < sim.device_count; d++)
        for (int s = 0; s < sim.devices[d].slot_count; s++) {
            struct slot *slot = &sim.devices[d].slots[s];
            if (device_look(slot->device) && (!present || slot_plugged(slot)))
                add(slot_id(slot), ids, room, count);
        }
    for (CK_ULONG i = 0; !present && i < empty_slots(); i++)
        add(FIRST_EMPTY + i, ids, room, count);
    return ids && *count > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *ids, CK_ULONG *count)
{
    struct call call;

    if (call_on_module(&call, I_C_GetSlotList))
        call.rv = count ? list(present, ids, count) : CKR_ARGUMENTS_BAD;
    return call_end(&call);
}

static void describe(const struct slot *slot, CK_SLOT_INFO *info)
{
    *info = (CK_SLOT_INFO){ .flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT };
    pad(info->manufacturerID, sizeof info->manufacturerID, "");
    pad(info->slotDescription, sizeof info->slotDescription, "");
    if (!slot)
        return;
    setting_field(slot, "reader", info->slotDescription, sizeof info->slotDescription);
    setting_field(slot, "manufacturer", info->manufacturerID, sizeof info->manufacturerID);
    if (slot_plugged(slot))
        info->flags |= CKF_TOKEN_PRESENT;
}

CK_RV C_GetSlotInfo(CK_SLOT_ID id, CK_SLOT_INFO *info)
{
    struct call call;
    bool go = call_on_slot(&call, I_C_GetSlotInfo, id);

    /* A slot without a token is a slot all the same. */
    if (go || call.rv == CKR_TOKEN_NOT_PRESENT) {
        call.rv = info ? CKR_OK : CKR_ARGUMENTS_BAD;
        if (info)
            describe(call.slot, info);
    }
    return call_end(&call);
}

CK_RV C_GetMechanismList(CK_SLOT_ID id, CK_MECHANISM_TYPE *types, CK_ULONG *count)
{
    struct call call;

    if (call_on_slot(&call, I_C_GetMechanismList, id))
        call.rv = call.slot->real->C_GetMechanismList(call.slot->real_slot, types, count);
    return call_end(&call);
}

/* The key sizes of a mechanism, where the settings say others than SoftHSM. */
static void sizes(const struct slot *slot, const char *least, const char *most,
                  CK_MECHANISM_INFO *info)
{
    CK_BYTE text[24];

    if (setting_text(slot, least, text, sizeof text) > 0)
        info->ulMinKeySize = (CK_ULONG)setting_number(slot, least);
    if (setting_text(slot, most, text, sizeof text) > 0)
        info->ulMaxKeySize = (CK_ULONG)setting_number(slot, most);
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID id, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    struct call call;

    if (call_on_slot(&call, I_C_GetMechanismInfo, id))
        call.rv = call.slot->real->C_GetMechanismInfo(call.slot->real_slot, type, info);
    if (call.rv == CKR_OK && type == CKM_RSA_PKCS_KEY_PAIR_GEN)
        sizes(call.slot, "rsa.min", "rsa.max", info);
    if (call.rv == CKR_OK && type == CKM_EC_KEY_PAIR_GEN)
        sizes(call.slot, "ec.min", "ec.max", info);
    return call_end(&call);
}

/* The next slot at which something happened since C_Initialize, or since it was last told. */
static struct slot *next_event(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct slot *found = NULL;

    pthread_mutex_lock(&mutex);
    for (int d = 0; d < sim.device_count; d++)
        for (int s = 0; !found && s < sim.devices[d].slot_count; s++) {
            struct slot *slot = &sim.devices[d].slots[s];
            unsigned long epoch = device_look(slot->device)
                                      ? atomic_load(&slot->device->glance.epoch)
                                      : slot->epoch_told;
            if (epoch != slot->epoch_told) {
                slot->epoch_told = epoch;
                found = slot;
            }
        }
    pthread_mutex_unlock(&mutex);
    return found;
}

static CK_RV wait_for_event(CK_FLAGS flags, CK_SLOT_ID *id)
{
    struct slot *slot;

    if (!id)
        return CKR_ARGUMENTS_BAD;
    while (!(slot = next_event())) {
        if (flags & CKF_DONT_BLOCK)
            return CKR_NO_EVENT;
        sleep_ms(POLL_MS);
        if (!atomic_load(&sim.ready))
            return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    *id = slot_id(slot);
    return CKR_OK;
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID *id, void *reserved)
{
    struct call call;
    CK_RV rv;

    (void)reserved; /* one vendor gives a handle here (ETC_CreateTracker), so it may be anything */
    atomic_fetch_add(&sim.waiting, 1);
    if (call_on_module(&call, I_C_WaitForSlotEvent))
        call.rv = wait_for_event(flags, id);
    rv = call_end(&call);
    atomic_fetch_sub(&sim.waiting, 1);
    return rv;
}
