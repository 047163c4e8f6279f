/* The devices of this process: the folders that LOCKWRIGHT_SIM names, parted as in PATH. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

static const char variable[] = "LOCKWRIGHT_SIM";

static bool add(const char *folder)
{
    struct device *more;
    bool broken;

    if (!device_is_ours(folder, &broken))
        return !broken;
    more = need(sizeof *more * (size_t)(sim.device_count + 1));
    if (sim.device_count)
        memcpy(more, sim.devices, sizeof *more * (size_t)sim.device_count);
    if (!device_open(&more[sim.device_count], folder)) {
        free(more);
        return false;
    }
    free(sim.devices);
    sim.devices = more;
    /* The array moved: slots point to their devices. */
    for (int d = 0; d <= sim.device_count; d++)
        for (int s = 0; s < more[d].slot_count; s++)
            more[d].slots[s].device = &more[d];
    sim.device_count++;
    return true;
}

static bool add_all(void)
{
    const char *folders = getenv(variable);
    char *list, *save = NULL;
    bool sound = true;

    if (!folders || !*folders) {
        complain(NULL, "%s is not set; it names the folder that `lockwright-sim new` made",
                 variable);
        return false;
    }
    list = need_copy(folders);
    for (char *folder = strtok_r(list, ":", &save); folder && sound;
         folder = strtok_r(NULL, ":", &save))
        sound = add(folder);
    free(list);
    return sound;
}

/*
 * Under the lock, since SoftHSM looks for its tokens once, at C_Initialize, and passes over one
 * whose file another process rewrites at that moment, at a login.
 */
static CK_RV start(struct slot *slot, void *arguments)
{
    CK_RV rv;

    slot->epoch = slot->epoch_told = atomic_load(&slot->device->glance.epoch);
    if (!state_lock(slot->device))
        return CKR_DEVICE_ERROR;
    rv = library_start(slot, arguments);
    return state_unlock(slot->device) ? rv : CKR_DEVICE_ERROR;
}

CK_RV attach(void *arguments)
{
    if (!add_all()) {
        forget_devices();
        return CKR_DEVICE_ERROR;
    }
    for (int d = 0; d < sim.device_count; d++)
        for (int s = 0; s < sim.devices[d].slot_count; s++) {
            CK_RV rv = start(&sim.devices[d].slots[s], arguments);
            if (rv != CKR_OK) {
                detach();
                return rv;
            }
        }
    slots_number();
    return CKR_OK;
}

void detach(void)
{
    for (int d = 0; d < sim.device_count; d++)
        for (int s = 0; s < sim.devices[d].slot_count; s++)
            library_end(&sim.devices[d].slots[s]);
    forget_devices();
}

void forget_devices(void)
{
    sessions_forget();
    for (int d = 0; d < sim.device_count; d++)
        device_close(&sim.devices[d]);
    free(sim.devices);
    sim.devices = NULL;
    sim.device_count = 0;
}
