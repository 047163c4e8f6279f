/* Which process has a token open, where another one's is a sharing violation. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim.h"

/* Become the one that has it, until our last session is closed or we die. */
bool device_take(struct device *device)
{
    char path[4096];

    if (device->holder >= 0)
        return true;
    snprintf(path, sizeof path, "%s/holder", device->folder);
    device->holder = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (device->holder >= 0 && !flock(device->holder, LOCK_EX | LOCK_NB))
        return true;
    if (device->holder >= 0)
        close(device->holder);
    device->holder = -1;
    return false;
}

void device_give_back(struct device *device)
{
    for (int i = 0; i < device->slot_count; i++)
        if (slot_has_sessions(&device->slots[i]))
            return;
    if (device->holder >= 0)
        close(device->holder);
    device->holder = -1;
}
