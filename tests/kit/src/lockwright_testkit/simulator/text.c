/* Bytes as text in the state and in device.conf: escapes (%41) for text, digits for the rest. */

#include <string.h>

#include "sim.h"

static const char digits[] = "0123456789abcdef";

static int nibble(char letter)
{
    const char *at;

    if (letter >= 'A' && letter <= 'F')
        letter = (char)(letter - 'A' + 'a');
    at = letter ? strchr(digits, letter) : NULL;
    return at ? (int)(at - digits) : -1;
}

static int two_digits(const char *text)
{
    int high = nibble(text[0]), low = high < 0 ? -1 : nibble(text[1]);

    return low < 0 ? -1 : high * 16 + low;
}

long unescape(const char *text, CK_BYTE *bytes, size_t most)
{
    size_t at = 0;

    while (*text) {
        int value = (unsigned char)*text;
        if (*text == '%') {
            value = two_digits(text + 1);
            text += 2;
        }
        if (value < 0 || at == most)
            return -1;
        bytes[at++] = (CK_BYTE)value;
        text++;
    }
    return (long)at;
}

char *escape(const CK_BYTE *bytes, size_t length)
{
    char *text = need(length * 3 + 1), *at = text;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] > ' ' && bytes[i] != '%' && bytes[i] != 0x7f) {
            *at++ = (char)bytes[i];
        } else {
            *at++ = '%';
            *at++ = digits[bytes[i] >> 4];
            *at++ = digits[bytes[i] & 15];
        }
    }
    return text;
}

long from_hex(const char *text, CK_BYTE *bytes, size_t most)
{
    size_t at = 0;

    for (; *text; text += 2) {
        int value = two_digits(text);
        if (value < 0 || at == most)
            return -1;
        bytes[at++] = (CK_BYTE)value;
    }
    return (long)at;
}

char *to_hex(const CK_BYTE *bytes, size_t length)
{
    char *text = need(length * 2 + 1);

    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}
