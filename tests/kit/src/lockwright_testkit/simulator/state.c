/*
 * The state file: what the token remembers. Text with a checksum, replaced as a whole by a rename,
 * changed only under a lock that all processes share, never mended silently.
 *
 *     lockwright-sim state 1
 *     1a2b3c4d                the CRC-32 of all that follows
 *     slot0.user.tries = 3
 *
 * counts->generation grows by one before the rename and by one after it. Who finds it odd, or
 * another than the one it read, reads the file again; so a process that is killed in the middle
 * costs the others some reading and nothing else.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim.h"

static const char head[] = "lockwright-sim state ";
enum { HEAD_LINES = 48 };

/* CRC-32 as in ISO 3309, bit by bit: states are short. */
static uint32_t checksum(const char *text)
{
    uint32_t crc = ~0U;

    for (; *text; text++) {
        crc ^= (unsigned char)*text;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

static void path_in(const struct device *device, const char *name, char path[4096])
{
    snprintf(path, 4096, "%s/%s", device->folder, name);
}

static char *read_text(const struct device *device)
{
    char path[4096], *text;
    struct stat found;
    ssize_t size;
    int file;

    path_in(device, "state", path);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &found)) {
        complain(device, "the state file cannot be read (%s); `lockwright-sim reset` makes the "
                 "token new", strerror(errno));
        return NULL;
    }
    text = need((size_t)found.st_size + 1);
    size = read(file, text, (size_t)found.st_size);
    close(file);
    text[size < 0 ? 0 : size] = '\0';
    return text;
}

/* The first two lines of a state file with this body. */
static int begin(const char *body, char line[HEAD_LINES])
{
    return snprintf(line, HEAD_LINES, "%s%d\n%08x\n", head, FORMAT_VERSION,
                    (unsigned)checksum(body));
}

/* The part of a state text that the checksum covers; NULL if it is damaged. */
static char *checked(const struct device *device, char *text)
{
    char line[HEAD_LINES];
    size_t length = (size_t)begin("", line);
    bool ours = !strncmp(text, head, strlen(head));

    if (ours && strlen(text) >= length) {
        begin(text + length, line);
        if (!strncmp(text, line, length))
            return text + length;
    }
    if (ours && atoi(text + strlen(head)) != FORMAT_VERSION)
        complain(device, "the state file is of format %d, this simulator writes %d",
                 atoi(text + strlen(head)), FORMAT_VERSION);
    else
        complain(device, "the state file is damaged: its checksum does not fit; "
                 "`lockwright-sim reset` makes the token new");
    return NULL;
}

bool state_load(struct device *device)
{
    uint64_t generation = atomic_load(&device->counts->generation);
    char *text = read_text(device), *body = text ? checked(device, text) : NULL;

    if (body) {
        map_clear(&device->state);
        map_parse(&device->state, body);
        take_glance(device);
        /* An odd number is never equal to what device_look compares, so this is read again. */
        atomic_store(&device->seen, generation);
    }
    free(text);
    return body != NULL;
}

static bool state_write(struct device *device)
{
    char path[4096], fresh[4096], line[HEAD_LINES], *body = map_text(&device->state);
    size_t length = strlen(body);
    int file, first;
    bool written;

    path_in(device, "state", path);
    path_in(device, "state.new", fresh);
    first = begin(body, line);
    file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    written = file >= 0 && write(file, line, (size_t)first) == first
              && write(file, body, length) == (ssize_t)length;
    if (file >= 0)
        close(file);
    free(body);
    if (written) {
        atomic_fetch_or(&device->counts->generation, 1);
        written = !rename(fresh, path);
        atomic_fetch_add(&device->counts->generation, 1);
        take_glance(device);
        atomic_store(&device->seen, atomic_load(&device->counts->generation));
    }
    if (!written)
        complain(device, "the state file cannot be written: %s", strerror(errno));
    return written;
}

bool state_create(struct device *device)
{
    map_clear(&device->state);
    return state_write(device);
}

bool state_lock(struct device *device)
{
    char path[4096];

    pthread_mutex_lock(&device->mutex);
    if (device->depth++)
        return true;
    path_in(device, "lock", path);
    /* Opened afresh each time: a lock that was inherited by fork would be held by both. */
    device->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (device->lock >= 0 && flock(device->lock, LOCK_EX) && errno == EINTR)
        continue;
    if (device->lock >= 0 && state_load(device))
        return true;
    if (device->lock < 0)
        complain(device, "cannot lock: %s", strerror(errno));
    device->dirty = false;
    state_unlock(device);
    return false;
}

bool state_unlock(struct device *device)
{
    bool written = true;

    if (!--device->depth) {
        if (device->dirty && !state_write(device)) {
            state_load(device);
            written = false;
        }
        device->dirty = false;
        if (device->lock >= 0)
            close(device->lock);
        device->lock = -1;
    }
    pthread_mutex_unlock(&device->mutex);
    return written;
}

bool state_begin(struct call *call)
{
    if (state_lock(call->device))
        return true;
    call->rv = CKR_DEVICE_ERROR;
    return false;
}

void state_commit(struct call *call)
{
    if (!state_unlock(call->device))
        call->rv = CKR_DEVICE_ERROR;
}
