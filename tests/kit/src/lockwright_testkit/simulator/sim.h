/* What the files of the base share; a personality needs personality.h alone. */

#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "map.h"
#include "personality.h"

enum {
    FORMAT_VERSION = 1, /* of device.conf, state and counts */
    COUNTS_MOST = 256,
    PIN_MOST = 255,
    POLL_MS = 20, /* how often a waiting call looks up */
};

/* The file `counts`, mapped by every process. */
struct counts {
    char magic[8];
    uint32_t version;
    _Atomic uint32_t used;       /* entries with a name */
    _Atomic uint64_t generation; /* of the state file; odd while it is being replaced */
    uint64_t reserved[5];
    struct {
        char name[48];
        _Atomic uint64_t calls;
    } entry[COUNTS_MOST];
};

struct slot {
    struct device *device;
    int index;
    const struct personality *personality;
    CK_FUNCTION_LIST *real; /* SoftHSM, in a copy of this slot's own */
    CK_SLOT_ID real_slot;
    _Atomic unsigned long epoch; /* plugs and unplugs of the device when the sessions were opened */
    unsigned long epoch_told; /* the same, as C_WaitForSlotEvent last told */
    int in_flight;            /* calls inside SoftHSM by session */
    bool stale;               /* the token was removed; SoftHSM's sessions have yet to be closed */
    CK_TOKEN_INFO told;       /* C_GetTokenInfo as of this generation of the state */
    uint64_t told_of;
};

/* What every call asks, taken from the state when it changed. */
struct glance {
    _Atomic unsigned long epoch; /* odd: the token is out */
    _Atomic bool tracing, faults, delays, challenge, quirks, damaged;
};

struct device {
    char *folder;
    pthread_mutex_t mutex; /* recursive; guards state, seen, depth and dirty */
    struct map conf, state;
    _Atomic uint64_t seen; /* the generation that state is of */
    int depth, lock;
    bool dirty;
    struct counts *counts;
    struct glance glance;
    struct slot *slots;
    int slot_count;
    CK_SLOT_ID first_id;
    CK_ULONG empty_slots;
    bool id_moves;
    int holder; /* the file that tells other processes that we use the token; -1: not held */
};

/* The module as this process sees it. */
struct sim {
    _Atomic bool ready;
    struct device *devices;
    int device_count;
    pthread_mutex_t mutex; /* guards sessions and the slots' in_flight and stale */
    _Atomic int waiting;   /* threads in C_WaitForSlotEvent */
};
extern struct sim sim;

extern const struct personality *const personalities[];

/* general.c */
CK_FUNCTION_LIST *function_list(void);

/* complain.c: tell on stderr what is wrong, and keep it for the tool */
void complain(const struct device *device, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
extern _Thread_local char last_complaint[512];
extern _Thread_local bool complain_quietly;

/* device.c: a folder's files; device_open complains and returns false when they are not sound */
bool device_open(struct device *device, const char *folder);
void device_close(struct device *device);
bool device_prepare(const char *folder);
/* Is it a folder of this module's? Others are left alone, as one vendor's module leaves another's
   tokens. False also for a broken one, after a complaint; then *broken is set. */
bool device_is_ours(const char *folder, bool *broken);
/* Bring the glance up to date; false if the state is damaged. */
bool device_look(struct device *device);
void take_glance(struct device *device);
void device_hold(struct device *device);
void device_let_go(struct device *device);

/* holder.c */
bool device_take(struct device *device);
void device_give_back(struct device *device);

/* attach.c: the devices that LOCKWRIGHT_SIM names */
CK_RV attach(void *arguments);
void detach(void);
void forget_devices(void);

/* library.c */
CK_RV library_start(struct slot *slot, void *arguments);
void library_end(struct slot *slot);
CK_RV library_format(struct slot *slot);

/* settings.c */
bool settings_known(const struct device *device);
void settings_of(const struct slot *slot, struct map *keys);
const char *device_setting(const struct device *device, const char *key);
const struct personality *personality_named(const char *name);
void change(struct device *device, int slot, const char *key, const char *value);

/* state.c */
bool state_load(struct device *device);
bool state_lock(struct device *device);
bool state_unlock(struct device *device);
bool state_create(struct device *device);

/* counts.c */
bool counts_create(const char *folder);
struct counts *counts_map(const struct device *device);
void counts_unmap(struct counts *counts);
int counts_find(struct counts *counts, const char *name);
uint64_t count_call(struct device *device, int function, const char *name);

/* call.c */
bool call_on_slot(struct call *call, enum function function, CK_SLOT_ID id);
bool call_on_session(struct call *call, enum function function, CK_SESSION_HANDLE session);
bool call_on_module(struct call *call, enum function function);

/* fault.c, delay.c, trace.c */
bool fault_strikes(struct call *call, uint64_t count);
bool fault_plan(struct device *device, const char *plan);
bool delay_passes(struct call *call);
void trace(const struct call *call);
unsigned long long now_us(void);
void sleep_ms(unsigned ms);

/* session.c */
bool session_enter(struct call *call, CK_SESSION_HANDLE session);
void session_leave(struct call *call);
void session_update(const struct session *session);
void sessions_lost(struct slot *slot);
bool sessions_renew(struct slot *slot);
void session_bury(const struct call *call);
void sessions_forget(void);
CK_ULONG session_count(const struct slot *slot, CK_FLAGS flags);

/* slot.c */
struct slot *slot_by_id(CK_SLOT_ID id);
CK_SLOT_ID slot_id(const struct slot *slot);
bool slot_plugged(const struct slot *slot);
bool id_is_empty_slot(CK_SLOT_ID id);
void slots_number(void);

/* pad.c: what is typed at the token's own pad, where a PIN is NULL and the token has one */
CK_RV pad_asked(struct call *call, const char *whose, CK_BYTE typed[PIN_MOST],
                CK_BYTE **pin, CK_ULONG *length);

/* challenge.c */
void challenge_void(struct call *call);

/* object.c, memory.c */
CK_RV objects_allowed(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count, bool token);
CK_RV objects_fit(struct call *call, bool token, const CK_OBJECT_HANDLE *objects, int count);
bool real_bool(const struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
void memory_info(struct slot *slot, CK_TOKEN_INFO *info);

/* show.c */
void device_show(struct device *device, struct map *shown);

/* text.c */
long unescape(const char *text, CK_BYTE *bytes, size_t most);
char *escape(const CK_BYTE *bytes, size_t length);
char *to_hex(const CK_BYTE *bytes, size_t length);

#endif
