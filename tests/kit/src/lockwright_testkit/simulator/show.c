/* Everything that a device's settings amount to, for the tool; secrets only as *** . */

#include <string.h>

#include "sim.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && !strcmp(text + length - end_length, end);
}

static bool secret(const char *key)
{
    return ends_with(key, ".pin") || ends_with(key, ".key")
           || (ends_with(key, ".history") && !ends_with(key, ".policy.history"))
           || ends_with(key, "password");
}

static void put(struct map *shown, const char *key, const char *value)
{
    map_set(shown, key, secret(key) && *value ? "***" : value);
}

static void show_counts(const struct device *device, struct map *shown)
{
    char key[64], number[24];

    for (uint32_t i = 0; i < device->counts->used && i < COUNTS_MOST; i++) {
        uint64_t calls = atomic_load(&device->counts->entry[i].calls);
        snprintf(key, sizeof key, "calls.%s", device->counts->entry[i].name);
        snprintf(number, sizeof number, "%llu", (unsigned long long)calls);
        if (calls)
            put(shown, key, number);
    }
}

static void show_slot(struct slot *slot, struct map *shown)
{
    struct map keys = { 0 };
    char key[112], number[24];

    settings_of(slot, &keys);
    for (size_t i = 0; i < keys.count; i++) {
        snprintf(key, sizeof key, "slot%d.%s", slot->index, keys.pairs[i].key);
        put(shown, key, setting(slot, keys.pairs[i].key));
    }
    map_clear(&keys);
    snprintf(key, sizeof key, "slot%d.user.tries", slot->index);
    snprintf(number, sizeof number, "%ld", pin_tries(slot, "user"));
    put(shown, key, number);
    snprintf(key, sizeof key, "slot%d.so.tries", slot->index);
    snprintf(number, sizeof number, "%ld", pin_tries(slot, "so"));
    put(shown, key, number);
    snprintf(key, sizeof key, "slot%d.memory.used", slot->index);
    snprintf(number, sizeof number, "%lu", memory_used(slot));
    put(shown, key, number);
}

void device_show(struct device *device, struct map *shown)
{
    static const char *const own[] = { "version", "module", "plugged", "insertions", "trace",
                                       "faults", "reader" };

    put(shown, "folder", device->folder);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        put(shown, own[i], device_setting(device, own[i]));
    for (int i = 0; i < device->slot_count; i++)
        show_slot(&device->slots[i], shown);
    show_counts(device, shown);
}
