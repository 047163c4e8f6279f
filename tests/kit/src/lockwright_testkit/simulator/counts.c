/* How often each function was called, by all processes together: a file that all of them map. */

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim.h"

static const char magic[8] = "LWSIMCNT";

#define NAME(name, parameters) #name,
#define NAME_FORWARD(name, parameters, arguments) #name,
const char *const function_names[FUNCTION_COUNT] = { SIM_FUNCTIONS(NAME, NAME_FORWARD) };

bool counts_create(const char *folder)
{
    struct counts fresh = { .version = FORMAT_VERSION, .used = FUNCTION_COUNT };
    char path[4096];
    bool written;
    int file;

    memcpy(fresh.magic, magic, sizeof magic);
    for (int i = 0; i < FUNCTION_COUNT; i++)
        snprintf(fresh.entry[i].name, sizeof fresh.entry[i].name, "%s", function_names[i]);
    snprintf(path, sizeof path, "%s/counts", folder);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    written = file >= 0 && write(file, &fresh, sizeof fresh) == (ssize_t)sizeof fresh;
    if (file >= 0)
        close(file);
    return written;
}

struct counts *counts_map(const struct device *device)
{
    struct counts *counts = MAP_FAILED;
    struct stat found;
    char path[4096];
    int file;

    snprintf(path, sizeof path, "%s/counts", device->folder);
    file = open(path, O_RDWR | O_CLOEXEC);
    if (file >= 0 && !fstat(file, &found) && found.st_size == (off_t)sizeof *counts)
        counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0)
        close(file);
    if (counts == MAP_FAILED || memcmp(counts->magic, magic, sizeof magic)
        || counts->version != FORMAT_VERSION) {
        complain(device, "the file `counts` is missing, damaged or of another version; "
                 "`lockwright-sim reset` makes the token new");
        if (counts != MAP_FAILED)
            counts_unmap(counts);
        return NULL;
    }
    return counts;
}

void counts_unmap(struct counts *counts)
{
    munmap(counts, sizeof *counts);
}

int counts_find(struct counts *counts, const char *name)
{
    uint32_t used = atomic_load(&counts->used);

    for (uint32_t i = 0; i < used && i < COUNTS_MOST; i++)
        if (!strcmp(counts->entry[i].name, name))
            return (int)i;
    return -1;
}

/* A vendor's function gets its entry when it is first called. */
static int added(struct device *device, const char *name)
{
    struct counts *counts = device->counts;
    int index;

    if (!state_lock(device))
        return -1;
    index = counts_find(counts, name);
    if (index < 0 && counts->used < COUNTS_MOST) {
        index = (int)counts->used;
        snprintf(counts->entry[index].name, sizeof counts->entry[index].name, "%s", name);
        atomic_fetch_add(&counts->used, 1);
    }
    state_unlock(device);
    return index;
}

uint64_t count_call(struct device *device, int function, const char *name)
{
    int index = function >= 0 ? function : counts_find(device->counts, name);

    if (index < 0)
        index = added(device, name);
    return index < 0 ? 0 : atomic_fetch_add(&device->counts->entry[index].calls, 1) + 1;
}
