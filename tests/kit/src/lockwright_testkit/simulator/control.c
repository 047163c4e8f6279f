/*
 * The way in for the tool: three exported functions that need no C_Initialize and disturb none.
 * Each returns 0, or -1 with a complaint in `text`.
 */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

EXPORT int lockwright_sim_prepare(const char *folder, char *text, size_t size);
EXPORT int lockwright_sim_do(const char *folder, const char *commands, char *text, size_t size);
EXPORT int lockwright_sim_show(const char *folder, char *text, size_t size);

static int result(bool done, char *text, size_t size)
{
    complain_quietly = false;
    if (!done)
        snprintf(text, size, "%s", last_complaint);
    return done ? 0 : -1;
}

int lockwright_sim_prepare(const char *folder, char *text, size_t size)
{
    bool broken;

    complain_quietly = true;
    if (!device_is_ours(folder, &broken)) {
        if (!broken)
            complain(NULL, "%s is a folder of another module, not of " SIM_MODULE, folder);
        return result(false, text, size);
    }
    return result(device_prepare(folder), text, size);
}

static bool set(struct device *device, char *argument)
{
    char *value = strchr(argument, ' ');

    if (value)
        *value++ = '\0';
    if (!strchr(argument, '.') || strncmp(argument, "slot", 4))
        for (int i = 0; i < device->slot_count; i++) /* what holds for all replaces each one's */
            change(device, i, argument, NULL);
    change(device, -1, argument, value ? value : "");
    return true;
}

static bool plug(struct device *device, bool in)
{
    char number[24];
    bool was = !strcmp(device_setting(device, "plugged"), "yes");

    if (was == in)
        return true;
    if (in) {
        snprintf(number, sizeof number, "%ld",
                 strtol(device_setting(device, "insertions"), NULL, 10) + 1);
        change(device, -1, "insertions", number);
    } else {
        for (int i = 0; i < device->slot_count; i++) /* the card's volatile memory */
            change(device, i, "challenge", NULL);
    }
    change(device, -1, "plugged", in ? "yes" : "no");
    return true;
}

static bool zero(struct device *device)
{
    /* Planned faults name totals, which mean nothing any more. */
    change(device, -1, "faults", NULL);
    for (int i = 0; i < COUNTS_MOST; i++)
        atomic_store(&device->counts->entry[i].calls, 0);
    return true;
}

static bool obey(struct device *device, char *command)
{
    char *argument = strchr(command, ' ');

    if (argument)
        *argument++ = '\0';
    else
        argument = command + strlen(command);
    if (!strcmp(command, "set"))
        return set(device, argument);
    if (!strcmp(command, "unset"))
        return change(device, -1, argument, NULL), true;
    if (!strcmp(command, "plug") || !strcmp(command, "unplug"))
        return plug(device, *command == 'p');
    if (!strcmp(command, "fault"))
        return fault_plan(device, argument);
    if (!strcmp(command, "zero"))
        return zero(device);
    complain(device, "no such command: %s", command);
    return false;
}

int lockwright_sim_do(const char *folder, const char *commands, char *text, size_t size)
{
    struct device device;
    char *list, *save = NULL;
    bool done = true;

    complain_quietly = true;
    if (!device_open(&device, folder))
        return result(false, text, size);
    list = need_copy(commands);
    done = state_lock(&device);
    if (done) {
        for (char *line = strtok_r(list, "\n", &save); line && done;
             line = strtok_r(NULL, "\n", &save))
            done = obey(&device, line);
        done = done && settings_known(&device);
        device.dirty = device.dirty && done; /* all of it or nothing */
        done = state_unlock(&device) && done;
    }
    free(list);
    device_close(&device);
    return result(done, text, size);
}

int lockwright_sim_show(const char *folder, char *text, size_t size)
{
    struct device device;
    struct map shown = { 0 };
    char *all;
    bool fits;

    complain_quietly = true;
    if (!device_open(&device, folder))
        return result(false, text, size);
    device_show(&device, &shown);
    device_close(&device);
    all = map_text(&shown);
    map_clear(&shown);
    fits = strlen(all) < size;
    if (fits)
        strcpy(text, all);
    else
        complain(NULL, "%s: there is too much to show", folder);
    free(all);
    return result(fits, text, size);
}
