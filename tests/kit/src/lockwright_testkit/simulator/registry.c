/* The personalities of this module: those that the build names, as P(plain) P(other). */

#include "sim.h"

#define P(name) extern const struct personality name;
SIM_PERSONALITIES
#undef P

#define P(name) &name,
const struct personality *const personalities[] = { SIM_PERSONALITIES NULL };
