/* Where a setting's value comes from: the state, device.conf, the personality, the base. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

static const struct setting base_settings[] = {
    /* the device */
    { "version", "" }, { "module", "plain" }, { "softhsm", "" },
    { "reader", "lockwright simulator 00 00" }, { "plugged", "yes" }, { "insertions", "1" },
    { "slot.first", "" }, { "slot.moves", "no" }, { "slots.empty", "0" }, { "trace", "no" },
    { "faults", "" }, { "sharing.violation", "0" },
    { "library.manufacturer", "lockwright" }, { "library.description", "token simulator" },
    { "library.version", "1.0" }, { "library.cryptoki", "2.40" },
    /* a slot, or the device for all its slots */
    { "personality", "" }, { "card.so.pin", "" }, { "card.user.pin", "" }, { "delay", "0" },
    { "label", "" }, { "serial", "" }, { "manufacturer", "lockwright" }, { "model", "Simulator" },
    { "hardware", "1.0" }, { "firmware", "1.0" }, { "initialized", "yes" },
    { "write.protected", "no" }, { "login.required", "yes" }, { "tries.linger", "no" },
    { "tries.low", "0" },
    { "pad", "no" }, { "pad.answer", "types" },
    { "pad.user.pin", "" }, { "pad.so.pin", "" }, { "pad.new.pin", "" },
    { "rsa.min", "" }, { "rsa.max", "" }, { "ec.min", "" }, { "ec.max", "" },
    { "user.policy.min", "4" }, { "user.policy.max", "255" },
    { "so.policy.min", "4" }, { "so.policy.max", "255" },
    { "user.pin", "" }, { "user.tries", "" }, { "user.tries.max", "10" }, { "user.change", "no" },
    { "user.change.first", "no" },
    { "user.history", "" }, { "user.changed", "0" }, { "user.lingers", "no" },
    { "so.pin", "" }, { "so.tries", "" }, { "so.tries.max", "10" }, { "so.change", "no" },
    { "so.history", "" }, { "so.changed", "0" }, { "so.lingers", "no" },
    { "memory", "0" }, { "memory.unavailable", "no" }, { "attributes.unavailable", "no" },
    { "attributes.most", "0" }, { "attributes.most.rv", "0x7" }, { "attributes.long", "0" },
    { "id.unique", "no" }, { "id.unique.rv", "0x13" },
    { "undestroyable", "" }, { "undestroyable.rv", "0x1b" }, { "challenge", "" },
    { NULL, NULL },
};

/* WHO.policy.RULE, for any WHO; nought is no rule. */
static const char *const rules[] = { "min", "max", "upper", "lower", "digits", "special", "alpha",
                                     "nonalpha", "kinds", "repeat", "sequence", "history", "age" };

static const char *default_in(const struct setting *settings, const char *key)
{
    for (; settings && settings->key; settings++)
        if (!strcmp(settings->key, key))
            return settings->value;
    return NULL;
}

static bool is_rule(const char *key)
{
    const char *rule = strstr(key, ".policy.");

    for (size_t i = 0; rule && i < sizeof rules / sizeof *rules; i++)
        if (!strcmp(rule + 8, rules[i]))
            return true;
    return false;
}

static bool is_delay(const char *key)
{
    return !strncmp(key, "delay.", 6);
}

const struct personality *personality_named(const char *name)
{
    for (int i = 0; personalities[i]; i++)
        if (name && !strcmp(personalities[i]->name, name))
            return personalities[i];
    return NULL;
}

const char *device_setting(const struct device *device, const char *key)
{
    const char *value = map_get(&device->state, key);

    value = value ? value : map_get(&device->conf, key);
    /* What the library says of itself is the first slot's personality's to choose. */
    if (!value)
        value = default_in(device->slot_count ? device->slots[0].personality->settings
                                              : personalities[0]->settings, key);
    value = value ? value : default_in(base_settings, key);
    return value ? value : "";
}

const char *setting(const struct slot *slot, const char *key)
{
    const struct device *device = slot->device;
    char own[96];
    const char *value;

    snprintf(own, sizeof own, "slot%d.%s", slot->index, key);
    value = map_get(&device->state, own);
    value = value ? value : map_get(&device->state, key);
    value = value ? value : map_get(&device->conf, own);
    value = value ? value : map_get(&device->conf, key);
    value = value ? value : default_in(slot->personality->settings, key);
    value = value ? value : default_in(base_settings, key);
    return value ? value : "";
}

long setting_number(const struct slot *slot, const char *key)
{
    long value;

    device_hold(slot->device);
    value = strtol(setting(slot, key), NULL, 0);
    device_let_go(slot->device);
    return value;
}

bool setting_yes(const struct slot *slot, const char *key)
{
    bool yes;

    device_hold(slot->device);
    yes = !strcmp(setting(slot, key), "yes");
    device_let_go(slot->device);
    return yes;
}

long setting_text(const struct slot *slot, const char *key, CK_BYTE *bytes, size_t most)
{
    long length;

    device_hold(slot->device);
    length = unescape(setting(slot, key), bytes, most);
    device_let_go(slot->device);
    return length;
}

long setting_hex(const struct slot *slot, const char *key, CK_BYTE *bytes, size_t most)
{
    long length;

    device_hold(slot->device);
    length = from_hex(setting(slot, key), bytes, most);
    device_let_go(slot->device);
    return length;
}

void setting_field(const struct slot *slot, const char *key, CK_UTF8CHAR *field, size_t size)
{
    CK_BYTE text[256];
    long length = setting_text(slot, key, text, sizeof text - 1);

    text[length < 0 ? 0 : length] = '\0';
    pad(field, size, (const char *)text);
}

void change(struct device *device, int slot, const char *key, const char *value)
{
    char own[96];

    if (slot >= 0) {
        snprintf(own, sizeof own, "slot%d.%s", slot, key);
        key = own;
    }
    map_set(&device->state, key, value);
    device->dirty = true;
}

void set_text(struct slot *slot, const char *key, const CK_BYTE *bytes, size_t length)
{
    char *text = escape(bytes, length);

    change(slot->device, slot->index, key, text);
    free(text);
}

void set_hex(struct slot *slot, const char *key, const CK_BYTE *bytes, size_t length)
{
    char *text = to_hex(bytes, length);

    change(slot->device, slot->index, key, text);
    free(text);
}

void set_number(struct slot *slot, const char *key, long value)
{
    char text[24];

    snprintf(text, sizeof text, "%ld", value);
    change(slot->device, slot->index, key, text);
}

void set_default(struct slot *slot, const char *key)
{
    change(slot->device, slot->index, key, NULL);
}

/* The key without its slot; -1 or the slot's number goes to *slot. */
static const char *own_key(const char *key, int *slot)
{
    int length = 0;

    *slot = -1;
    if (sscanf(key, "slot%d.%n", slot, &length) == 1 && length)
        return key + length;
    *slot = -1;
    return key;
}

static bool known(const struct device *device, int slot, const char *key)
{
    if (is_rule(key) || is_delay(key) || default_in(base_settings, key))
        return true;
    for (int i = 0; i < device->slot_count; i++)
        if ((slot < 0 || slot == i) && default_in(device->slots[i].personality->settings, key))
            return true;
    return false;
}

/* The keys that a slot may have by default, and those that it has been given. */
void settings_of(const struct slot *slot, struct map *keys)
{
    const struct map *maps[] = { &slot->device->conf, &slot->device->state };
    bool own = false;

    for (const struct setting *at = base_settings; at->key; at++) {
        own = own || !strcmp(at->key, "personality"); /* what stands before is the device's */
        if (own)
            map_set(keys, at->key, "");
    }
    for (const struct setting *at = slot->personality->settings; at && at->key; at++)
        map_set(keys, at->key, "");
    for (int m = 0; m < 2; m++)
        for (size_t i = 0; i < maps[m]->count; i++) {
            int index;
            const char *key = own_key(maps[m]->pairs[i].key, &index);
            if (index == slot->index)
                map_set(keys, key, "");
        }
}

bool settings_known(const struct device *device)
{
    const struct map *maps[] = { &device->conf, &device->state };

    for (int m = 0; m < 2; m++)
        for (size_t i = 0; i < maps[m]->count; i++) {
            int slot;
            const char *key = own_key(maps[m]->pairs[i].key, &slot);
            if (slot >= device->slot_count || !known(device, slot, key)) {
                complain(device, "there is no setting %s", maps[m]->pairs[i].key);
                return false;
            }
        }
    return true;
}
