/* Begin, end, and what the module says of itself. */

#include <string.h>

#include "sim.h"

struct sim sim = { .mutex = PTHREAD_MUTEX_INITIALIZER };

#define LISTED(name, parameters) .name = name,
#define LISTED_FORWARD(name, parameters, arguments) .name = name,
static CK_FUNCTION_LIST list = {
    .version = { 2, 40 },
    SIM_FUNCTIONS(LISTED, LISTED_FORWARD)
};

static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;

/* A child of fork has our memory and none of our rights: it begins anew with C_Initialize. */
static void in_child(void)
{
    pthread_mutex_init(&sim.mutex, NULL);
    pthread_mutex_init(&beginning, NULL);
    atomic_store(&sim.waiting, 0);
    atomic_store(&sim.ready, false);
}

static void watch_for_fork(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

static CK_RV begin(void *arguments)
{
    struct call call;
    CK_RV rv;

    forget_devices(); /* what a parent had before it forked */
    rv = attach(arguments);
    if (rv != CKR_OK)
        return rv;
    atomic_store(&sim.ready, true);
    call_on_module(&call, I_C_Initialize);
    rv = call_end(&call);
    if (rv != CKR_OK) {
        atomic_store(&sim.ready, false);
        detach();
    }
    return rv;
}

CK_RV C_Initialize(void *arguments)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    CK_RV rv = CKR_CRYPTOKI_ALREADY_INITIALIZED;

    pthread_once(&once, watch_for_fork);
    pthread_mutex_lock(&beginning);
    if (!atomic_load(&sim.ready))
        rv = begin(arguments);
    pthread_mutex_unlock(&beginning);
    return rv;
}

CK_RV C_Finalize(void *reserved)
{
    struct call call;
    CK_RV rv;

    pthread_mutex_lock(&beginning);
    if (call_on_module(&call, I_C_Finalize) && reserved)
        call.rv = CKR_ARGUMENTS_BAD;
    rv = call_end(&call);
    if (rv == CKR_OK) {
        atomic_store(&sim.ready, false);
        while (atomic_load(&sim.waiting)) /* they look up every POLL_MS */
            sleep_ms(1);
        detach();
    }
    pthread_mutex_unlock(&beginning);
    return rv;
}

static CK_VERSION version(const struct device *device, const char *key)
{
    unsigned major = 0, minor = 0;

    sscanf(device_setting(device, key), "%u.%u", &major, &minor);
    return (CK_VERSION){ (CK_BYTE)major, (CK_BYTE)minor };
}

static void field(struct device *device, const char *key, CK_UTF8CHAR *field, size_t size)
{
    CK_BYTE text[128];
    long length = unescape(device_setting(device, key), text, sizeof text - 1);

    text[length < 0 ? 0 : length] = '\0';
    pad(field, size, (const char *)text);
}

static void describe(struct device *device, CK_INFO *info)
{
    if (device->counts)
        device_hold(device);
    *info = (CK_INFO){
        .cryptokiVersion = version(device, "library.cryptoki"),
        .libraryVersion = version(device, "library.version"),
    };
    field(device, "library.manufacturer", info->manufacturerID, sizeof info->manufacturerID);
    field(device, "library.description", info->libraryDescription,
          sizeof info->libraryDescription);
    if (device->counts)
        device_let_go(device);
}

CK_RV C_GetInfo(CK_INFO *info)
{
    static struct device none; /* where every folder was another module's */
    struct call call;

    if (call_on_module(&call, I_C_GetInfo)) {
        if (!info)
            call.rv = CKR_ARGUMENTS_BAD;
        else
            describe(call.device ? call.device : &none, info);
    }
    return call_end(&call);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **given)
{
    if (!given)
        return CKR_ARGUMENTS_BAD;
    *given = &list;
    return CKR_OK;
}
