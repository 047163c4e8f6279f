/*
 * A PKCS#11 module that forwards to a real one and fails where it is told to.
 *
 *   LOCKWRIGHT_INTERPOSER_MODULE  absolute path of the real module
 *   LOCKWRIGHT_INTERPOSER_FAULTS  the plan, or the absolute path of a file that holds it
 *
 * A plan is a list of FUNCTION@NTH=FAULT parted by semicolons. NTH is a number, * for every call, or
 * hNUMBER for every call of a function that takes an object second, about the one of that handle;
 * calls are counted from the moment the plan is first seen, so a test can set a new plan in the
 * middle. FAULT is one of
 *
 *   0x31         return this value without calling the real module
 *   crash        a segmentation fault
 *   hang         never return
 *   unavailable  C_GetAttributeValue: an attribute that is missing or secret is answered with
 *                CK_UNAVAILABLE_INFORMATION and CKR_OK, as some tokens do
 *   single       C_GetAttributeValue: refuse a request for more than one attribute
 *   lie          C_GetSlotList, C_GetMechanismList, C_GetAttributeValue, C_FindObjects, C_Sign: tell
 *                a count or length that no memory has, and CKR_OK
 *   more         C_FindObjects: tell of one object more than there was room for
 *   vendor       C_GetAttributeValue, C_FindObjectsInit, C_CreateObject: attributes from 0x80000000
 *                on stand for the real module's own, so 0x80000003 is its CKA_LABEL
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every argument of every PKCS#11 function fits a machine word and none has more than eight, so
   one shape of call forwards them all; a callee takes the words it knows. */
typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);

/* The functions of PKCS#11 2.40 in the order of CK_FUNCTION_LIST (pkcs11f.h). */
#define FUNCTIONS(X) \
    X(C_Initialize) X(C_Finalize) X(C_GetInfo) X(C_GetFunctionList) X(C_GetSlotList) \
    X(C_GetSlotInfo) X(C_GetTokenInfo) X(C_GetMechanismList) X(C_GetMechanismInfo) \
    X(C_InitToken) X(C_InitPIN) X(C_SetPIN) X(C_OpenSession) X(C_CloseSession) \
    X(C_CloseAllSessions) X(C_GetSessionInfo) X(C_GetOperationState) X(C_SetOperationState) \
    X(C_Login) X(C_Logout) X(C_CreateObject) X(C_CopyObject) X(C_DestroyObject) \
    X(C_GetObjectSize) X(C_GetAttributeValue) X(C_SetAttributeValue) X(C_FindObjectsInit) \
    X(C_FindObjects) X(C_FindObjectsFinal) X(C_EncryptInit) X(C_Encrypt) X(C_EncryptUpdate) \
    X(C_EncryptFinal) X(C_DecryptInit) X(C_Decrypt) X(C_DecryptUpdate) X(C_DecryptFinal) \
    X(C_DigestInit) X(C_Digest) X(C_DigestUpdate) X(C_DigestKey) X(C_DigestFinal) \
    X(C_SignInit) X(C_Sign) X(C_SignUpdate) X(C_SignFinal) X(C_SignRecoverInit) \
    X(C_SignRecover) X(C_VerifyInit) X(C_Verify) X(C_VerifyUpdate) X(C_VerifyFinal) \
    X(C_VerifyRecoverInit) X(C_VerifyRecover) X(C_DigestEncryptUpdate) \
    X(C_DecryptDigestUpdate) X(C_SignEncryptUpdate) X(C_DecryptVerifyUpdate) X(C_GenerateKey) \
    X(C_GenerateKeyPair) X(C_WrapKey) X(C_UnwrapKey) X(C_DeriveKey) X(C_SeedRandom) \
    X(C_GenerateRandom) X(C_GetFunctionStatus) X(C_CancelFunction) X(C_WaitForSlotEvent)

#define VENDOR_DEFINED 0x80000000UL

#define INDEX(name) I_##name,
enum { FUNCTIONS(INDEX) COUNT };

#define NAME(name) #name,
static const char *const names[COUNT] = { FUNCTIONS(NAME) };

struct list {
    unsigned char major, minor;
    function call[COUNT];
};

struct attribute {
    word type;
    void *value;
    word length;
};

enum {
    CKR_OK = 0x0,
    CKR_GENERAL_ERROR = 0x5,
    CKR_ARGUMENTS_BAD = 0x7,
    CKR_ATTRIBUTE_SENSITIVE = 0x11,
    CKR_ATTRIBUTE_TYPE_INVALID = 0x12,
};

static struct list *real, ours;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char plan[4096];
static word calls[COUNT];

/* Start counting afresh when the plan is another one than last time. */
static void look_at_plan(void)
{
    char now[sizeof plan] = "";
    const char *text = getenv("LOCKWRIGHT_INTERPOSER_FAULTS");

    if (text && text[0] == '/') {
        FILE *file = fopen(text, "r");
        if (file) {
            now[fread(now, 1, sizeof now - 1, file)] = '\0';
            fclose(file);
        }
    } else if (text) {
        snprintf(now, sizeof now, "%s", text);
    }
    if (strcmp(now, plan)) {
        strcpy(plan, now);
        memset(calls, 0, sizeof calls);
    }
}

static int is_meant(const char *nth, int index, word object)
{
    if (nth[0] == 'h')
        return strtoul(nth + 1, NULL, 0) == object;
    return nth[0] == '*' || strtoul(nth, NULL, 0) == calls[index];
}

/* The fault planned for this call of a function; empty if there is none. */
static void fault_of(int index, word object, char fault[16])
{
    char name[32], nth[16], what[16];
    int length;

    fault[0] = '\0';
    pthread_mutex_lock(&lock);
    look_at_plan();
    calls[index]++;
    for (const char *at = plan;
         sscanf(at, " %31[^@]@%15[^=]=%15[^; \n]%n", name, nth, what, &length) == 3;
         at += length, at += *at == ';')
        if (!strcmp(name, names[index]) && is_meant(nth, index, object))
            strcpy(fault, what);
    pthread_mutex_unlock(&lock);
}

/* Answer CKR_OK for attributes that are not there: their length already says so. */
static word unavailable(word rv)
{
    return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE ? CKR_OK : rv;
}

/* Give attributes the numbers that the real module knows, or give the caller's numbers back. */
static void renumber(struct attribute *attributes, const word count, word types[], int back)
{
    for (word i = 0; i < count; i++) {
        if (!back)
            types[i] = attributes[i].type;
        attributes[i].type = back ? types[i] : types[i] & ~VENDOR_DEFINED;
    }
}

static word call(int index, const word arg[8])
{
    return real->call[index](arg[0], arg[1], arg[2], arg[3], arg[4], arg[5], arg[6], arg[7]);
}

static word vendor(int index, const word arg[8])
{
    int at = index == I_C_GetAttributeValue ? 2 : 1;
    struct attribute *attributes = (struct attribute *)arg[at];
    word types[64], rv;

    if (arg[at + 1] > sizeof types / sizeof *types)
        return CKR_ARGUMENTS_BAD;
    renumber(attributes, arg[at + 1], types, 0);
    rv = call(index, arg);
    renumber(attributes, arg[at + 1], types, 1);
    return rv;
}

/* Tell of more than there can be, wherever a function tells how many or how long. */
static word lie(int index, const word arg[8])
{
    const word most = ~0UL >> 1;
    word rv = call(index, arg);

    if (index == I_C_GetAttributeValue)
        for (word i = 0; i < arg[3]; i++)
            ((struct attribute *)arg[2])[i].length = most;
    else
        *(word *)arg[index == I_C_Sign ? 4 : index == I_C_FindObjects ? 3 : 2] = most;
    return unavailable(rv);
}

/* Tell of one more than there was room for, of which nothing was written. */
static word more(int index, const word arg[8])
{
    word rv = call(index, arg);

    *(word *)arg[3] = arg[2] + 1;
    return rv;
}

static word forward(int index, const word arg[8])
{
    char fault[16];

    fault_of(index, arg[1], fault);
    if (!strcmp(fault, "crash"))
        raise(SIGSEGV);
    while (!strcmp(fault, "hang"))
        pause();
    if (fault[0] == '0')
        return strtoul(fault, NULL, 0);
    if (!strcmp(fault, "single") && arg[3] > 1)
        return CKR_ARGUMENTS_BAD;
    if (!strcmp(fault, "vendor"))
        return vendor(index, arg);
    if (!strcmp(fault, "lie"))
        return lie(index, arg);
    if (!strcmp(fault, "more"))
        return more(index, arg);
    word rv = call(index, arg);
    return strcmp(fault, "unavailable") ? rv : unavailable(rv);
}

#define WRAPPER(name) \
    static word wrap_##name(word a, word b, word c, word d, word e, word f, word g, word h) \
    { \
        return forward(I_##name, (word[8]){ a, b, c, d, e, f, g, h }); \
    }
FUNCTIONS(WRAPPER)

#define ENTRY(name) wrap_##name,
static const function wrappers[COUNT] = { FUNCTIONS(ENTRY) };

word C_GetFunctionList(struct list **list);

/* The one export: load the real module and hand out our list in place of its own. */
word C_GetFunctionList(struct list **list)
{
    const char *path = getenv("LOCKWRIGHT_INTERPOSER_MODULE");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    word (*get)(struct list **) = NULL;

    if (library)
        *(void **)&get = dlsym(library, "C_GetFunctionList");
    if (!get || get(&real) != CKR_OK)
        return CKR_GENERAL_ERROR;
    ours.major = real->major;
    ours.minor = real->minor;
    memcpy(ours.call, wrappers, sizeof wrappers);
    ours.call[I_C_GetFunctionList] = (function)(void (*)(void))C_GetFunctionList;
    *list = &ours;
    return CKR_OK;
}
