/* Limited memory: what SoftHSM's files of token objects take is what is used. So nothing has to be
   kept in step, whoever creates or deletes. */

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "sim.h"

static CK_ULONG used_in(const char *folder)
{
    CK_ULONG used = 0;
    char path[8192];
    struct dirent *entry;
    struct stat found;
    DIR *dir = opendir(folder);

    while (dir && (entry = readdir(dir))) {
        const char *end = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (end && !strcmp(end, ".object") && strcmp(entry->d_name, "token.object")
            && !stat(path, &found))
            used += (CK_ULONG)found.st_size;
    }
    if (dir)
        closedir(dir);
    return used;
}

CK_ULONG memory_used(const struct slot *slot)
{
    CK_ULONG used = 0;
    char tokens[4096], path[4608];
    struct dirent *entry;
    DIR *dir;

    snprintf(tokens, sizeof tokens, "%s/slot%d/tokens", slot->device->folder, slot->index);
    dir = opendir(tokens);
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", tokens, entry->d_name);
            used += used_in(path);
        }
    if (dir)
        closedir(dir);
    return used;
}

void memory_info(struct slot *slot, CK_TOKEN_INFO *info)
{
    CK_ULONG total = (CK_ULONG)setting_number(slot, "memory");
    CK_ULONG used = total ? memory_used(slot) : 0, free = total > used ? total - used : 0;

    if (!total || setting_yes(slot, "memory.unavailable"))
        total = free = CK_UNAVAILABLE_INFORMATION;
    info->ulTotalPublicMemory = info->ulTotalPrivateMemory = total;
    info->ulFreePublicMemory = info->ulFreePrivateMemory = free;
}

/* Objects that were just made: keep them if they fit, or undo it all. */
CK_RV objects_fit(struct call *call, bool token, const CK_OBJECT_HANDLE *objects, int count)
{
    long total = token ? setting_number(call->slot, "memory") : 0;

    if (!total || memory_used(call->slot) <= (CK_ULONG)total)
        return CKR_OK;
    for (int i = 0; i < count; i++)
        call->slot->real->C_DestroyObject(call->session.real, objects[i]);
    return CKR_DEVICE_MEMORY;
}
