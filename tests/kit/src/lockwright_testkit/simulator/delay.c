/*
 * A card takes its time. The setting `delay.C_Sign`, or `delay` for every function, is a number of
 * milliseconds, or LOW..HIGH with a long tail: half of all calls lie in the lowest sixteenth.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

void sleep_ms(unsigned ms)
{
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

    while (nanosleep(&left, &left) && errno == EINTR)
        continue;
}

/* A number between 0 and 1, near 0 mostly. */
static double long_tail(void)
{
    static _Atomic uint64_t seed;
    uint64_t x = atomic_fetch_add(&seed, 0x9E3779B97F4A7C15U) + now_us();
    double u;

    /* splitmix64: good enough for waiting times */
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    u = (double)((x ^ x >> 31) >> 11) / 9007199254740992.0;
    return u * u * u * u;
}

static unsigned chosen(const struct call *call)
{
    char key[64], *rest;
    const char *text;
    double low, high;

    snprintf(key, sizeof key, "delay.%s", call->name);
    device_hold(call->device);
    text = call->slot ? setting(call->slot, key) : device_setting(call->device, key);
    if (!*text)
        text = call->slot ? setting(call->slot, "delay") : device_setting(call->device, "delay");
    /* No strtod: it would take a dot of the two. */
    low = (double)strtoul(text, &rest, 10);
    high = strncmp(rest, "..", 2) ? low : (double)strtoul(rest + 2, NULL, 10);
    device_let_go(call->device);
    return (unsigned)(low + (high - low) * long_tail());
}

/* Wait; false if the token was pulled out meanwhile. */
bool delay_passes(struct call *call)
{
    unsigned long epoch = atomic_load(&call->device->glance.epoch);
    unsigned left = chosen(call);

    while (left) {
        unsigned part = left < POLL_MS ? left : POLL_MS;
        sleep_ms(part);
        left -= part;
        if (device_look(call->device) && atomic_load(&call->device->glance.epoch) != epoch)
            return false;
    }
    return true;
}
