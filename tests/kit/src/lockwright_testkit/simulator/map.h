/* An ordered list of `key = value`: what device.conf and the state file hold. */

#ifndef SIM_MAP_H
#define SIM_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct pair {
    char *key, *value;
};

struct map {
    struct pair *pairs;
    size_t count, room;
};

/* The value of a key; NULL if there is none. It lives until the key is set or the map cleared. */
const char *map_get(const struct map *map, const char *key);

/* Set a key; a value of NULL removes it. */
void map_set(struct map *map, const char *key, const char *value);

/* Forget everything. */
void map_clear(struct map *map);

/* Add the lines of a text. `[slot]` begins a slot: its keys get the prefix slot0., slot1. and so
   on. Returns 0, or the number of the first line that is none. The text is changed. */
int map_parse(struct map *map, char *text);

/* The map as text that map_parse reads; the caller frees it. */
char *map_text(const struct map *map);

/* malloc and strdup that end the process when memory is out. */
void *need(size_t size);
char *need_copy(const char *text);

#endif
