/* Bad use gets a clear message: on stderr for who runs a program, kept for who runs the tool. */

#include <stdarg.h>

#include "sim.h"

_Thread_local char last_complaint[512];
_Thread_local bool complain_quietly;

void complain(const struct device *device, const char *format, ...)
{
    size_t at = 0;
    va_list arguments;

    if (device)
        at = (size_t)snprintf(last_complaint, sizeof last_complaint, "%s: ", device->folder);
    if (at >= sizeof last_complaint)
        at = 0;
    va_start(arguments, format);
    vsnprintf(last_complaint + at, sizeof last_complaint - at, format, arguments);
    va_end(arguments);
    if (!complain_quietly)
        fprintf(stderr, "lockwright-sim: %s\n", last_complaint);
}
