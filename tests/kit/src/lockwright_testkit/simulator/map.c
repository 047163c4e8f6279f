/* An ordered list of `key = value`: parse, look up, write. */

#include "map.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *need(size_t size)
{
    void *made = calloc(1, size ? size : 1);

    if (!made) {
        fputs("lockwright-sim: out of memory\n", stderr);
        abort();
    }
    return made;
}

char *need_copy(const char *text)
{
    return strcpy(need(strlen(text) + 1), text);
}

static struct pair *find(const struct map *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (!strcmp(map->pairs[i].key, key))
            return &map->pairs[i];
    return NULL;
}

const char *map_get(const struct map *map, const char *key)
{
    struct pair *pair = find(map, key);

    return pair ? pair->value : NULL;
}

static void drop(struct map *map, struct pair *pair)
{
    size_t after = (size_t)(map->pairs + map->count - pair) - 1;

    free(pair->key);
    free(pair->value);
    memmove(pair, pair + 1, after * sizeof *pair);
    map->count--;
}

static void append(struct map *map, const char *key, const char *value)
{
    if (map->count == map->room) {
        struct pair *more = need((map->room * 2 + 16) * sizeof *more);
        if (map->count)
            memcpy(more, map->pairs, map->count * sizeof *more);
        free(map->pairs);
        map->pairs = more;
        map->room = map->room * 2 + 16;
    }
    map->pairs[map->count++] = (struct pair){ need_copy(key), need_copy(value) };
}

void map_set(struct map *map, const char *key, const char *value)
{
    struct pair *pair = find(map, key);
    char *copy;

    if (!pair && value) {
        append(map, key, value);
    } else if (pair && value) {
        copy = need_copy(value);
        free(pair->value);
        pair->value = copy;
    } else if (pair) {
        drop(map, pair);
    }
}

void map_clear(struct map *map)
{
    while (map->count)
        drop(map, &map->pairs[map->count - 1]);
    free(map->pairs);
    *map = (struct map){ 0 };
}

static char *trimmed(char *text)
{
    char *end;

    while (isspace((unsigned char)*text))
        text++;
    end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

int map_parse(struct map *map, char *text)
{
    char key[96], *save = NULL, *line;
    int slot = -1, number = 1;

    /* strtok would swallow empty lines, and with them the line numbers. */
    for (line = text; line; line = save, number++) {
        save = strchr(line, '\n');
        if (save)
            *save++ = '\0';
        line = trimmed(line);
        char *equals = strchr(line, '=');
        if (!*line || *line == '#')
            continue;
        if (!strcmp(line, "[slot]")) {
            slot++;
            continue;
        }
        if (!equals || equals == line)
            return number;
        *equals = '\0';
        if (slot < 0)
            snprintf(key, sizeof key, "%s", trimmed(line));
        else
            snprintf(key, sizeof key, "slot%d.%s", slot, trimmed(line));
        map_set(map, key, trimmed(equals + 1));
    }
    return 0;
}

char *map_text(const struct map *map)
{
    size_t size = 1, at = 0;
    char *text;

    for (size_t i = 0; i < map->count; i++)
        size += strlen(map->pairs[i].key) + strlen(map->pairs[i].value) + 4;
    text = need(size);
    for (size_t i = 0; i < map->count; i++)
        at += (size_t)snprintf(text + at, size - at, "%s = %s\n", map->pairs[i].key,
                               map->pairs[i].value);
    return text;
}
