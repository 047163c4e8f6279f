/* The functions that go to SoftHSM as they came. */

#include "sim.h"

#define NOT_HERE(name, parameters)
#define FORWARDED(name, parameters, arguments) \
    CK_RV name parameters \
    { \
        struct call call; \
\
        if (call_on_session(&call, I_##name, session)) { \
            session = call.session.real; \
            call.rv = call.slot->real->name arguments; \
        } \
        return call_end(&call); \
    }
SIM_FUNCTIONS(NOT_HERE, FORWARDED)
