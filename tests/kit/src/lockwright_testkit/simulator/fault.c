/*
 * Faults: FUNCTION@N=WHAT. N counts from the planning, over all processes; * is every call. WHAT:
 *
 *   0x30        return this value, do nothing
 *   kill        end the process before anything is done
 *   hang        never return
 *   after:0x30  do the work and return this value all the same
 *   after:kill  do the work and end the process before it hears of it
 *
 * The setting `faults` holds them parted by blanks, N as the function's total count.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

enum { WORD = 96, PLANS_MOST = 8192 };

struct fault {
    char name[49], what[24];
    unsigned long long at; /* 0: every call */
};

static bool parse(const char *word, struct fault *fault)
{
    char nth[24], *end = "";
    int length = 0;

    if (sscanf(word, "%48[^@ ]@%23[^= ]=%23[^ ]%n", fault->name, nth, fault->what, &length) != 3
        || word[length])
        return false;
    fault->at = strcmp(nth, "*") ? strtoull(nth, &end, 10) : 0;
    return !*end && (fault->at || !strcmp(nth, "*"));
}

static bool possible(const struct fault *fault)
{
    const char *what = fault->what;
    char *end;

    if (!strncmp(what, "after:", 6))
        what += 6;
    else if (!strcmp(what, "hang"))
        return true;
    if (!strcmp(what, "kill"))
        return true;
    return !strncmp(what, "0x", 2) && strtoul(what, &end, 16) && !*end;
}

/* Whatever begins with C_ must be a function of PKCS#11; vendors' functions begin otherwise. */
static bool function_exists(const char *name)
{
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (!strcmp(name, function_names[i]))
            return true;
    return strncmp(name, "C_", 2) != 0;
}

static unsigned long long calls_so_far(const struct device *device, const char *name)
{
    int index = counts_find(device->counts, name);

    return index < 0 ? 0 : atomic_load(&device->counts->entry[index].calls);
}

bool fault_plan(struct device *device, const char *plan)
{
    char plans[PLANS_MOST];
    struct fault fault;
    const char *before = device_setting(device, "faults");

    if (!*plan) {
        change(device, -1, "faults", NULL);
        return true;
    }
    if (!parse(plan, &fault) || !possible(&fault) || !function_exists(fault.name)) {
        complain(device, "no such fault: %s (FUNCTION@N=0xRV, kill, hang, after:0xRV or "
                 "after:kill; N is a number or *)", plan);
        return false;
    }
    if (strlen(before) + WORD + 24 > sizeof plans) {
        complain(device, "too many faults are planned; clear them first");
        return false;
    }
    if (fault.at)
        snprintf(plans, sizeof plans, "%s%s%s@%llu=%s", before, *before ? " " : "", fault.name,
                 fault.at + calls_so_far(device, fault.name), fault.what);
    else
        snprintf(plans, sizeof plans, "%s%s%s", before, *before ? " " : "", plan);
    change(device, -1, "faults", plans);
    return true;
}

/* Find the fault of this call in the plan. */
static bool planned(const struct call *call, uint64_t count, struct fault *fault)
{
    char word[WORD + 24];
    int length;
    bool found = false;

    device_hold(call->device);
    for (const char *at = device_setting(call->device, "faults");
         !found && sscanf(at, " %119s%n", word, &length) == 1; at += length)
        found = parse(word, fault) && !strcmp(fault->name, call->name)
                && (!fault->at || fault->at == count);
    device_let_go(call->device);
    return found;
}

bool fault_strikes(struct call *call, uint64_t count)
{
    struct fault fault;

    if (!planned(call, count, &fault))
        return false;
    if (!strcmp(fault.what, "kill"))
        raise(SIGKILL);
    while (!strcmp(fault.what, "hang"))
        pause();
    if (!strcmp(fault.what, "after:kill"))
        call->die_after = true;
    else if (!strncmp(fault.what, "after:", 6))
        call->forced = strtoul(fault.what + 6, NULL, 16);
    else
        call->rv = strtoul(fault.what, NULL, 16);
    return call->rv != CKR_OK;
}
