/*
 * Preloaded, it makes SoftHSM list objects in one order in every process: SoftHSM keeps them by
 * address, and here addresses only grow. Nothing is given back; a listing is short.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { ROOM = 1 << 30, STEP = 16 };

static char *next, *end;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* operator new(size_t) */
void *_Znwm(size_t size)
{
    char *made;

    pthread_mutex_lock(&mutex);
    if (!next) {
        next = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (next == MAP_FAILED)
            abort();
        end = next + ROOM;
    }
    made = next;
    next += (size + STEP) / STEP * STEP;
    if (next > end)
        abort();
    pthread_mutex_unlock(&mutex);
    return made;
}

/* operator delete(void *) and operator delete(void *, size_t) */
void _ZdlPv(void *gone) { (void)gone; }
void _ZdlPvm(void *gone, size_t size) { (void)gone, (void)size; }
