/*
 * The SoftHSM beneath a slot. Each slot loads a copy of the library of its own, made in its
 * folder: SoftHSM keeps its state in globals and reads one configuration for a process, and a
 * program that uses the simulator may use SoftHSM as well. A copy is another file, so the loader
 * gives it other globals. It is never unloaded, since OpenSSL beneath it does not bear that.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim.h"

/* Where Debian, Fedora, Homebrew and a build from source put it. */
static const char *const usual_paths[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
};

static const char *softhsm_path(const struct slot *slot)
{
    const char *path = device_setting(slot->device, "softhsm");

    if (*path)
        return path;
    for (size_t i = 0; i < sizeof usual_paths / sizeof *usual_paths; i++)
        if (!access(usual_paths[i], R_OK))
            return usual_paths[i];
    return "";
}

static bool copy_bytes(int from, int to)
{
    char block[65536];
    ssize_t got;

    while ((got = read(from, block, sizeof block)) > 0)
        if (write(to, block, (size_t)got) != got)
            return false;
    return got == 0;
}

/* Write a file beside its place and move it there, so that nobody ever sees half of it. */
static bool replace(const char *path, int from, const char *text)
{
    char fresh[4096 + 16];
    int to;
    bool done;

    snprintf(fresh, sizeof fresh, "%s.%ld", path, (long)getpid());
    to = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    if (to < 0)
        return false;
    done = text ? write(to, text, strlen(text)) == (ssize_t)strlen(text) : copy_bytes(from, to);
    close(to);
    return done && !rename(fresh, path);
}

static bool copy_library(const char *source, const char *copy)
{
    struct stat theirs, ours;
    int from = open(source, O_RDONLY | O_CLOEXEC);
    bool done = from >= 0 && !fstat(from, &theirs);

    if (done && (stat(copy, &ours) || ours.st_size != theirs.st_size
                 || ours.st_mtime < theirs.st_mtime))
        done = replace(copy, from, NULL);
    if (from >= 0)
        close(from);
    return done;
}

/* The folder may have been moved or copied, so the configuration is compared each time. */
static bool write_conf(const struct slot *slot, const char *path)
{
    char text[4096 + 256], found[sizeof text] = "";
    FILE *file = fopen(path, "re");

    snprintf(text, sizeof text,
             "directories.tokendir = %s/slot%d/tokens\nobjectstore.backend = file\n"
             "log.level = ERROR\nslots.removable = true\n", slot->device->folder, slot->index);
    if (file) {
        found[fread(found, 1, sizeof found - 1, file)] = '\0';
        fclose(file);
    }
    return !strcmp(text, found) || replace(path, -1, text);
}

static bool load(struct slot *slot)
{
    char path[4096];
    const char *source = softhsm_path(slot);
    CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
    void *library;

    if (!*source || access(source, R_OK)) {
        complain(slot->device, "SoftHSM is not there%s%s: install it (apt-get install softhsm2) "
                 "or set `softhsm` to its path", *source ? ": " : "", source);
        return false;
    }
    snprintf(path, sizeof path, "%s/slot%d/softhsm.so", slot->device->folder, slot->index);
    if (!copy_library(source, path)) {
        complain(slot->device, "cannot copy %s: %s", source, strerror(errno));
        return false;
    }
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library)
        *(void **)&get = dlsym(library, "C_GetFunctionList");
    if (get && get(&slot->real) == CKR_OK)
        return true;
    complain(slot->device, "cannot load %s: %s", source, library ? "it is no PKCS#11 module"
                                                                  : dlerror());
    return false;
}

/* SoftHSM reads its configuration when it is initialised, from where this variable says. */
static CK_RV initialize(const struct slot *slot, const char *conf, void *arguments)
{
    static const char variable[] = "SOFTHSM2_CONF";
    const char *before = getenv(variable);
    char *kept = before ? need_copy(before) : NULL;
    CK_RV rv;

    setenv(variable, conf, 1);
    rv = slot->real->C_Initialize(arguments);
    if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED) { /* inherited by fork */
        slot->real->C_Finalize(NULL);
        rv = slot->real->C_Initialize(arguments);
    }
    if (kept)
        setenv(variable, kept, 1);
    else
        unsetenv(variable);
    free(kept);
    return rv;
}

CK_RV library_start(struct slot *slot, void *arguments)
{
    CK_SLOT_ID ids[8];
    CK_ULONG count = sizeof ids / sizeof *ids;
    char conf[4096];
    CK_RV rv;

    snprintf(conf, sizeof conf, "%s/slot%d/softhsm2.conf", slot->device->folder, slot->index);
    if (!write_conf(slot, conf)) {
        complain(slot->device, "cannot write %s: %s", conf, strerror(errno));
        return CKR_DEVICE_ERROR;
    }
    if (!load(slot))
        return CKR_DEVICE_ERROR;
    rv = initialize(slot, conf, arguments);
    if (rv != CKR_OK)
        slot->real = NULL; /* the caller's arguments are at fault, or SoftHSM's surroundings */
    if (rv != CKR_OK)
        return rv;
    /* SoftHSM shows its tokens first and one empty token to be initialised after them. */
    if (slot->real->C_GetSlotList(CK_TRUE, ids, &count) != CKR_OK || !count) {
        complain(slot->device, "SoftHSM shows no token");
        library_end(slot);
        return CKR_DEVICE_ERROR;
    }
    slot->real_slot = ids[0];
    return CKR_OK;
}

void library_end(struct slot *slot)
{
    if (slot->real)
        slot->real->C_Finalize(NULL);
    slot->real = NULL;
}

/* Give SoftHSM's user PIN the value that stands for any right PIN of the simulated token. */
static CK_RV set_user_pin(struct slot *slot)
{
    CK_FUNCTION_LIST *real = slot->real;
    CK_BYTE so[PIN_MOST], user[PIN_MOST];
    long so_length = setting_text(slot, "card.so.pin", so, sizeof so);
    long user_length = setting_text(slot, "card.user.pin", user, sizeof user);
    CK_SESSION_HANDLE session;
    CK_RV rv = real->C_OpenSession(slot->real_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL,
                                   NULL, &session);

    if (rv != CKR_OK)
        return rv;
    rv = real->C_Login(session, CKU_SO, so, (CK_ULONG)so_length);
    if (rv == CKR_OK)
        rv = real->C_InitPIN(session, user, (CK_ULONG)user_length);
    real->C_CloseSession(session);
    return rv;
}

CK_RV library_format(struct slot *slot)
{
    CK_BYTE so[PIN_MOST], label[32];
    long length = setting_text(slot, "card.so.pin", so, sizeof so);
    CK_RV rv;

    pad(label, sizeof label, "simulated");
    rv = slot->real->C_InitToken(slot->real_slot, so, (CK_ULONG)(length < 0 ? 0 : length), label);
    if (rv == CKR_OK && slot->real_slot == 0) {
        /* A token that was empty gets another slot when SoftHSM starts the next time. */
        library_end(slot);
        if (library_start(slot, NULL) != CKR_OK)
            return CKR_DEVICE_ERROR;
    }
    return rv == CKR_OK ? set_user_pin(slot) : rv;
}
