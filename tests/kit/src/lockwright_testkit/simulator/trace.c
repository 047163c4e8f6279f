/* The file `trace`: a line for every call while the setting `trace` is yes. Arguments are never
   written, so no PIN and no key can be. */

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

unsigned long long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000U + (unsigned long long)now.tv_nsec / 1000U;
}

void trace(const struct call *call)
{
    char path[4096], line[256], day[32];
    struct timespec now;
    struct tm utc;
    unsigned long long took = now_us() - call->started;
    int file, length;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    length = snprintf(line, sizeof line, "%s.%06ldZ pid=%ld slot=%d session=%lu %s 0x%lx %lluus\n",
                      day, now.tv_nsec / 1000, (long)getpid(), call->slot ? call->slot->index : -1,
                      call->session.handle, call->name, call->rv, took);
    snprintf(path, sizeof path, "%s/trace", call->device->folder);
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || write(file, line, (size_t)length) != length)
        complain(call->device, "the trace cannot be written");
    if (file >= 0)
        close(file);
}
