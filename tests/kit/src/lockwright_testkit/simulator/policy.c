/* The PIN policy: WHO.policy.RULE in the settings, every broken rule found at once. */

#include <string.h>
#include <time.h>

#include "crypto.h"
#include "sim.h"

struct census {
    long length, upper, lower, digits, special, repeat, sequence;
};

enum { DAY = 24 * 60 * 60 };

static long rule(const struct slot *slot, const char *who, const char *name)
{
    char key[64];

    snprintf(key, sizeof key, "%s.policy.%s", who, name);
    return setting_number(slot, key);
}

/* The next letter of UTF-8; a byte that begins none stands for itself. */
static unsigned next(const CK_BYTE **at, const CK_BYTE *end)
{
    unsigned byte = *(*at)++;

    if (byte >> 5 == 6 && *at < end)
        return (byte & 0x1F) << 6 | (*(*at)++ & 0x3F);
    return byte;
}

/* Latin and Cyrillic letters (U+0400 to U+042F are capitals, U+0430 to U+045F are not). */
static void count(struct census *census, unsigned letter)
{
    if ((letter >= 'A' && letter <= 'Z') || (letter >= 0x400 && letter <= 0x42F))
        census->upper++;
    else if ((letter >= 'a' && letter <= 'z') || (letter >= 0x430 && letter <= 0x45F))
        census->lower++;
    else if (letter >= '0' && letter <= '9')
        census->digits++;
    else
        census->special++;
}

static struct census taken(const CK_BYTE *pin, CK_ULONG length)
{
    struct census census = { 0 };
    const CK_BYTE *at = pin, *end = pin + length;
    long repeat = 0, sequence = 0;
    unsigned before = 0;

    while (at < end) {
        unsigned letter = next(&at, end);
        repeat = census.length && letter == before ? repeat + 1 : 1;
        sequence = census.length && letter == before + 1 ? sequence + 1 : 1;
        census.repeat = repeat > census.repeat ? repeat : census.repeat;
        census.sequence = sequence > census.sequence ? sequence : census.sequence;
        census.length++;
        count(&census, letter);
        before = letter;
    }
    return census;
}

static unsigned class_broken(long rule, long count, unsigned missing, unsigned forbidden)
{
    if (rule < 0)
        return count ? forbidden : 0;
    return count < rule ? missing : 0;
}

static bool used_before(const struct slot *slot, const char *who, const CK_BYTE *pin,
                        CK_ULONG length)
{
    long kept = rule(slot, who, "history");
    CK_BYTE present[PIN_MOST];
    char key[64], word[2 * PIN_MOST + 1];
    const char *at;
    int taken_length;
    bool found;
    long present_length;

    if (!kept)
        return false;
    device_hold(slot->device);
    snprintf(key, sizeof key, "%s.pin", who);
    present_length = setting_text(slot, key, present, sizeof present);
    found = present_length > 0 && same_bytes(present, (size_t)present_length, pin, length);
    snprintf(key, sizeof key, "%s.history", who);
    at = setting(slot, key);
    /* The present PIN is the first of those kept. */
    for (long i = 1; !found && i < kept && sscanf(at, " %510s%n", word, &taken_length) == 1; i++) {
        present_length = from_hex(word, present, sizeof present);
        found = present_length > 0 && same_bytes(present, (size_t)present_length, pin, length);
        at += taken_length;
    }
    device_let_go(slot->device);
    return found;
}

static bool too_young(const struct slot *slot, const char *who)
{
    char key[64];

    snprintf(key, sizeof key, "%s.changed", who);
    return (long)time(NULL) - setting_number(slot, key) < rule(slot, who, "age") * DAY;
}

static unsigned kinds_broken(const struct slot *slot, const char *who, const struct census *census)
{
    long kinds = (census->upper > 0) + (census->lower > 0) + (census->digits > 0)
                 + (census->special > 0);

    return kinds < rule(slot, who, "kinds") ? BROKEN_KINDS : 0;
}

unsigned policy_broken(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length)
{
    const struct slot *slot = call->slot;
    struct census census = taken(pin, length);
    long most = rule(slot, who, "max"), repeat = rule(slot, who, "repeat");
    long sequence = rule(slot, who, "sequence");
    unsigned broken = kinds_broken(slot, who, &census);

    broken |= census.length < rule(slot, who, "min") ? BROKEN_SHORT : 0;
    broken |= most && census.length > most ? BROKEN_LONG : 0;
    broken |= class_broken(rule(slot, who, "upper"), census.upper, BROKEN_UPPER, FORBIDDEN_UPPER);
    broken |= class_broken(rule(slot, who, "lower"), census.lower, BROKEN_LOWER, FORBIDDEN_LOWER);
    broken |= class_broken(rule(slot, who, "digits"), census.digits, BROKEN_DIGITS,
                           FORBIDDEN_DIGITS);
    broken |= class_broken(rule(slot, who, "special"), census.special, BROKEN_SPECIAL,
                           FORBIDDEN_SPECIAL);
    broken |= census.upper + census.lower < rule(slot, who, "alpha") ? BROKEN_ALPHA : 0;
    broken |= census.digits + census.special < rule(slot, who, "nonalpha") ? BROKEN_NONALPHA : 0;
    broken |= repeat && census.repeat > repeat ? BROKEN_REPEAT : 0;
    broken |= sequence && census.sequence > sequence ? BROKEN_SEQUENCE : 0;
    broken |= used_before(slot, who, pin, length) ? BROKEN_HISTORY : 0;
    broken |= rule(slot, who, "age") && too_young(slot, who) ? BROKEN_AGE : 0;
    return broken;
}
