/* A device is a folder: device.conf, state, counts, lock, and one folder for each slot. */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim.h"

enum { CONF_MOST = 64 * 1024 };

static bool read_conf(struct device *device)
{
    char path[4096], text[CONF_MOST];
    size_t length;
    FILE *file;
    int line;

    snprintf(path, sizeof path, "%s/device.conf", device->folder);
    file = fopen(path, "re");
    if (!file) {
        complain(device, "this is no simulator's folder: device.conf cannot be read (%s)",
                 strerror(errno));
        return false;
    }
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    line = map_parse(&device->conf, text);
    if (line)
        complain(device, "device.conf: line %d is no `key = value`", line);
    return !line;
}

static bool right_version(const struct device *device)
{
    const char *version = map_get(&device->conf, "version");

    if (version && atoi(version) == FORMAT_VERSION)
        return true;
    complain(device, "device.conf is of version %s, this simulator reads version %d; make the "
             "folder anew", version ? version : "(none)", FORMAT_VERSION);
    return false;
}

static bool find_personalities(struct device *device)
{
    char key[32];
    const char *name;

    for (; snprintf(key, sizeof key, "slot%d.personality", device->slot_count),
           (name = map_get(&device->conf, key)); device->slot_count++) {
        struct slot *slots = need(sizeof *slots * (size_t)(device->slot_count + 1));
        if (device->slot_count)
            memcpy(slots, device->slots, sizeof *slots * (size_t)device->slot_count);
        free(device->slots);
        device->slots = slots;
        slots[device->slot_count] = (struct slot){
            .device = device,
            .index = device->slot_count,
            .personality = personality_named(name),
        };
        if (!slots[device->slot_count].personality) {
            complain(device, "this module knows no personality %s", name);
            return false;
        }
    }
    if (!device->slot_count)
        complain(device, "device.conf names no slot");
    return device->slot_count > 0;
}

static void make_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t kind;

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(mutex, &kind);
    pthread_mutexattr_destroy(&kind);
}

/* What stands in device.conf, whatever the state. */
static bool open_conf(struct device *device, const char *folder)
{
    char whole[PATH_MAX];

    *device = (struct device){ .lock = -1, .holder = -1 };
    device->folder = need_copy(realpath(folder, whole) ? whole : folder);
    make_mutex(&device->mutex);
    return read_conf(device) && right_version(device) && find_personalities(device)
           && settings_known(device);
}

bool device_open(struct device *device, const char *folder)
{
    bool sound = open_conf(device, folder) && (device->counts = counts_map(device)) != NULL
                 && state_load(device) && settings_known(device);

    if (!sound)
        device_close(device);
    return sound;
}

void device_close(struct device *device)
{
    if (device->counts)
        counts_unmap(device->counts);
    map_clear(&device->conf);
    map_clear(&device->state);
    free(device->slots);
    free(device->folder);
    pthread_mutex_destroy(&device->mutex);
    *device = (struct device){ .lock = -1, .holder = -1 };
}

static bool prepare_slots(struct device *device)
{
    char path[4096];

    for (int i = 0; i < device->slot_count; i++) {
        struct slot *slot = &device->slots[i];
        snprintf(path, sizeof path, "%s/slot%d", device->folder, i);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/slot%d/tokens", device->folder, i);
        if (mkdir(path, 0700) && errno != EEXIST) {
            complain(device, "cannot make %s: %s", path, strerror(errno));
            return false;
        }
        if (library_start(slot, NULL) != CKR_OK)
            return false;
        bool formatted = library_format(slot) == CKR_OK;
        library_end(slot);
        if (!formatted) {
            complain(device, "SoftHSM refuses to make the token of slot %d", i);
            return false;
        }
    }
    return true;
}

bool device_prepare(const char *folder)
{
    struct device device;
    bool done = open_conf(&device, folder) && counts_create(folder)
                && (device.counts = counts_map(&device)) != NULL && prepare_slots(&device)
                && state_create(&device);

    device_close(&device);
    return done;
}

bool device_is_ours(const char *folder, bool *broken)
{
    struct device device = { .folder = need_copy(folder) };
    bool ours = false;

    *broken = !read_conf(&device) || !right_version(&device);
    if (!*broken)
        ours = !strcmp(device_setting(&device, "module"), SIM_MODULE);
    map_clear(&device.conf);
    free(device.folder);
    return ours;
}

static bool anything(const char *value)
{
    return *value && strcmp(value, "0") && strcmp(value, "no");
}

static bool any_default(const struct device *device, const char *begin)
{
    for (int i = 0; i < device->slot_count; i++) {
        const struct setting *at = device->slots[i].personality->settings;
        for (; at && at->key; at++)
            if (!strncmp(at->key, begin, strlen(begin)) && anything(at->value))
                return true;
    }
    return false;
}

/* Does any setting whose key begins like this have a value that is not nought? */
static bool any_set(const struct device *device, const char *begin)
{
    const struct map *maps[] = { &device->conf, &device->state };

    for (int m = 0; m < 2; m++)
        for (size_t i = 0; i < maps[m]->count; i++) {
            const char *key = maps[m]->pairs[i].key, *dot = strchr(key, '.');
            if (!strncmp(key, "slot", 4) && dot)
                key = dot + 1;
            if (!strncmp(key, begin, strlen(begin)) && anything(maps[m]->pairs[i].value))
                return true;
        }
    return any_default(device, begin);
}

void take_glance(struct device *device)
{
    struct glance *glance = &device->glance;
    unsigned long plugs = strtoul(device_setting(device, "insertions"), NULL, 10);
    bool out = strcmp(device_setting(device, "plugged"), "yes") != 0;

    atomic_store(&glance->epoch, 2 * plugs + out);
    atomic_store(&glance->tracing, !strcmp(device_setting(device, "trace"), "yes"));
    atomic_store(&glance->faults, anything(device_setting(device, "faults")));
    atomic_store(&glance->delays, any_set(device, "delay"));
    atomic_store(&glance->challenge, any_set(device, "challenge"));
    atomic_store(&glance->quirks, any_set(device, "attributes.") || any_set(device, "id.unique")
                                      || any_set(device, "undestroyable"));
}

bool device_look(struct device *device)
{
    uint64_t generation = atomic_load(&device->counts->generation);
    bool sound = true;

    if (generation == atomic_load(&device->seen) && !(generation & 1))
        return !atomic_load(&device->glance.damaged);
    pthread_mutex_lock(&device->mutex);
    if (!device->depth)
        sound = state_load(device);
    atomic_store(&device->glance.damaged, !sound);
    pthread_mutex_unlock(&device->mutex);
    return sound;
}

void device_hold(struct device *device)
{
    pthread_mutex_lock(&device->mutex);
    if (!device->depth)
        device_look(device);
}

void device_let_go(struct device *device)
{
    pthread_mutex_unlock(&device->mutex);
}
