/*
 * What a personality is, and what the base offers to one.
 *
 * A personality is one C file that defines a `struct personality`. Every hook may be NULL. A hook
 * that returns bool answers a call: true means "answered, the answer is call->rv", false means
 * "let the base answer". Hooks run with the device's state at hand, so they read and set settings
 * freely; what they set is on disk before the caller sees the answer.
 */

#ifndef SIM_PERSONALITY_H
#define SIM_PERSONALITY_H

#include <stdbool.h>
#include <stddef.h>

#include "functions.h"

struct device; /* one folder: one token in one reader */
struct slot;   /* one applet of it, shown as one slot */

/* A setting and its default; keys are dotted words, as in device.conf. */
struct setting {
    const char *key, *value;
};

enum { FOUND_MOST = 16 };

/* A session as the caller sees it; `real` is SoftHSM's handle. */
struct session {
    CK_SESSION_HANDLE handle, real;
    struct slot *slot;
    CK_FLAGS flags;
    bool dead;       /* its token was removed */
    bool searching;  /* a search that the personality answered is open */
    CK_OBJECT_HANDLE found[FOUND_MOST];
    CK_ULONG found_count;
    CK_ULONG device_error; /* ulDeviceError of C_GetSessionInfo */
    struct session *next;
};

/* One call of a function, from its entry to its return. */
struct call {
    const char *name; /* "C_Login" */
    struct device *device;
    struct slot *slot;      /* the slot that the call names, or that its session lies on */
    struct session session; /* a copy; handle is 0 for a call by slot */
    CK_RV rv;               /* the answer so far */
    CK_RV forced;           /* a fault's answer, given in the end whatever came out */
    bool die_after;         /* a fault: end the process once the work is done */
    unsigned long long started;
};

struct personality {
    const char *name;
    /* Defaults, and with the base's own the only settings that a slot may have; last key NULL. */
    const struct setting *settings;
    /* Touch up what the base has filled in. */
    void (*token_info)(struct slot *slot, CK_TOKEN_INFO *info);
    /* True: this call leaves a pending challenge alone; it must be true for the function that ends
       the exchange. NULL: challenge_kept_usually(). */
    bool (*keeps_challenge)(const struct call *call);
    /* The return value for a PIN that breaks rules (enum broken); NULL: the base's choice. */
    CK_RV (*pin_refusal)(struct call *call, const char *who, unsigned broken);
    bool (*login)(struct call *call, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length);
    bool (*init_token)(struct call *call, const CK_BYTE *pin, CK_ULONG length);
    bool (*init_pin)(struct call *call, const CK_BYTE *pin, CK_ULONG length);
    bool (*set_pin)(struct call *call, const CK_BYTE *old, CK_ULONG old_length, const CK_BYTE *pin,
                    CK_ULONG length);
    /* Is this the PIN? NULL: it is if it is WHO.pin. For what is kept in another form, like a key. */
    bool (*pin_matches)(const struct slot *slot, const char *who, const CK_BYTE *pin,
                        CK_ULONG length);
    /* The token was just formatted by C_InitToken: what waited for that comes into force. */
    void (*formatted)(struct call *call);
    /* Objects that SoftHSM does not know. Their handles are from VENDOR_OBJECT on. find: set
       call->session.found and found_count. */
    bool (*find)(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count);
    bool (*create)(struct call *call, const CK_ATTRIBUTE *wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE *object);
    /* One attribute of a vendor's object: answer with give_bytes and its sisters. */
    CK_RV (*get_attribute)(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute);
    bool (*set_attributes)(struct call *call, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *wanted,
                           CK_ULONG count);
    bool (*destroy)(struct call *call, CK_OBJECT_HANDLE object);
};

#define VENDOR_OBJECT 0x40000000UL

/* ---- Calls: a vendor's exported function begins and ends with these ---------------------- */

/* Find the slot or session, count the call, let faults, delays, removal and challenges have
   their say. True: do the work, set call->rv (CKR_OK until then). Always return call_end(). */
bool vendor_call_on_slot(struct call *call, const char *name, CK_SLOT_ID id);
bool vendor_call_on_session(struct call *call, const char *name, CK_SESSION_HANDLE session);
/* The same for a function that names neither; slot is then the module's first. */
bool vendor_call(struct call *call, const char *name);
CK_RV call_end(struct call *call);
const struct personality *call_personality(const struct call *call);

/* ---- Settings: state file, then device.conf, then the personality's and the base's defaults - */

const char *setting(const struct slot *slot, const char *key);
long setting_number(const struct slot *slot, const char *key);
bool setting_yes(const struct slot *slot, const char *key);
/* A setting as bytes: escapes (%41) resolved, or hexadecimal digits. Return the length, at most
   `most`; -1 if it has no such form. */
long setting_text(const struct slot *slot, const char *key, CK_BYTE *bytes, size_t most);
long setting_hex(const struct slot *slot, const char *key, CK_BYTE *bytes, size_t most);

/* A setting as a field of PKCS#11, padded with blanks. */
void setting_field(const struct slot *slot, const char *key, CK_UTF8CHAR *field, size_t size);

/* Changes need the state: state_begin, set_..., state_commit. They nest; the outermost writes.
   state_begin is false when the state is damaged, and then there is nothing to commit. */
bool state_begin(struct call *call);
/* Write and let go; call->rv becomes CKR_DEVICE_ERROR if that fails. */
void state_commit(struct call *call);
void set_text(struct slot *slot, const char *key, const CK_BYTE *bytes, size_t length);
void set_hex(struct slot *slot, const char *key, const CK_BYTE *bytes, size_t length);
void set_number(struct slot *slot, const char *key, long value);
void set_default(struct slot *slot, const char *key); /* forget what was set */

/* ---- PINs: `who` is "user", "so", or a name of the personality's ("puk") ------------------- */

/* Compare a PIN and keep count: CKR_OK (tries full again), CKR_PIN_INCORRECT (one spent),
   CKR_PIN_LOCKED, CKR_USER_PIN_NOT_INITIALIZED. Settings WHO.pin, WHO.tries, WHO.tries.max. */
CK_RV pin_verify(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length);
/* Count for a comparison made elsewhere, such as a response. */
CK_RV pin_verdict(struct call *call, const char *who, bool right);
long pin_tries(const struct slot *slot, const char *who);
bool pin_is_set(const struct slot *slot, const char *who);
/* CKR_OK, or why the policy WHO.policy.* refuses a PIN. */
CK_RV pin_allowed(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length);
/* Set a PIN that was allowed: tries full, history kept, no longer to be changed. */
void pin_store(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length);
void pin_unlock(struct call *call, const char *who); /* tries full, PIN kept */

enum broken {
    BROKEN_SHORT = 1, BROKEN_LONG = 2, BROKEN_UPPER = 4, BROKEN_LOWER = 8, BROKEN_DIGITS = 0x10,
    BROKEN_SPECIAL = 0x20, BROKEN_ALPHA = 0x40, BROKEN_NONALPHA = 0x80, BROKEN_KINDS = 0x100,
    BROKEN_REPEAT = 0x200, BROKEN_SEQUENCE = 0x400, BROKEN_HISTORY = 0x800, BROKEN_AGE = 0x1000,
    FORBIDDEN_UPPER = 0x2000, FORBIDDEN_LOWER = 0x4000, FORBIDDEN_DIGITS = 0x8000,
    FORBIDDEN_SPECIAL = 0x10000,
};
/* Every rule that a PIN breaks. */
unsigned policy_broken(struct call *call, const char *who, const CK_BYTE *pin, CK_ULONG length);

/* ---- Login state: what PKCS#11 keeps for this application ---------------------------------- */

/* Log this application in as CKU_USER or CKU_SO; the caller's secret was checked before. */
CK_RV login_as(struct call *call, CK_USER_TYPE user);
/* CKS_RW_PUBLIC_SESSION, CKS_RW_USER_FUNCTIONS or CKS_RW_SO_FUNCTIONS, whatever the session's
   kind; works for a call by slot too. */
CK_STATE login_state(struct slot *slot);
void logout(struct slot *slot);
/* Delete every object of the slot and all sessions' logins, as C_InitToken does; the sessions
   themselves live on. */
CK_RV format_slot(struct slot *slot);
bool slot_has_sessions(const struct slot *slot);
bool slot_has_read_only_session(const struct slot *slot);
/* Open a session; flags as in C_OpenSession. */
CK_RV session_open(struct slot *slot, CK_FLAGS flags, CK_SESSION_HANDLE *session);
/* What C_GetSessionInfo tells as ulDeviceError from now on. */
void session_device_error(const struct call *call, CK_ULONG value);

/* ---- Challenge and response: at most one pending per slot --------------------------------- */

/* Draw a challenge and remember it; it replaces a pending one. */
CK_RV challenge_open(struct call *call, CK_BYTE *challenge, size_t length);
/* The pending challenge, which is then pending no more; its length, 0 if none is. */
size_t challenge_take(struct call *call, CK_BYTE *challenge, size_t most);
/* True for what asks the module alone and not the token: C_GetSlotInfo, C_GetMechanismList and
   Info, C_GetSessionInfo, opening and closing of sessions. */
bool challenge_kept_usually(const struct call *call);

/* ---- Answers ------------------------------------------------------------------------------ */

/* The custom of PKCS#11 section 5.2: NULL asks for the length, too small a room is refused. */
CK_RV give_output(const void *data, size_t length, CK_BYTE *room, CK_ULONG *room_length);
/* The value of an attribute. */
CK_RV give_bytes(CK_ATTRIBUTE *attribute, const void *data, size_t length);
CK_RV give_ulong(CK_ATTRIBUTE *attribute, CK_ULONG value);
CK_RV give_bool(CK_ATTRIBUTE *attribute, bool value);
/* The attribute of a template; NULL if it is not there. */
const CK_ATTRIBUTE *attribute_of(const CK_ATTRIBUTE *wanted, CK_ULONG count,
                                 CK_ATTRIBUTE_TYPE type);
CK_ULONG ulong_of(const CK_ATTRIBUTE *wanted, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                  CK_ULONG otherwise);
bool bool_of(const CK_ATTRIBUTE *wanted, CK_ULONG count, CK_ATTRIBUTE_TYPE type, bool otherwise);
/* The bytes that hexadecimal digits stand for; their count, -1 if there is no such form. */
long from_hex(const char *text, CK_BYTE *bytes, size_t most);
/* Bytes that the slot's objects take of its memory. */
CK_ULONG memory_used(const struct slot *slot);
/* Copy text into a field and pad it with blanks. */
void pad(CK_UTF8CHAR *field, size_t size, const char *text);
/* A length of CK_UNAVAILABLE_INFORMATION means that the text ends with a zero byte. */
CK_ULONG text_length(const CK_UTF8CHAR *text, CK_ULONG length);

#endif
