/*
 * Standard PKCS#11 and nothing else: a user's and an SO's PIN that lock, the flags that tell of it,
 * a policy. Model, manufacturer and the rest are settings, so it stands for any vendor's token
 * that needs no vendor functions.
 */

#include "personality.h"

static const struct setting settings[] = {
    { "model", "plain" },
    { NULL, NULL },
};

const struct personality plain = { .name = "plain", .settings = settings };
