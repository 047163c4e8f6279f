/* Answers in the forms of PKCS#11, and questions to a template. */

#include <string.h>

#include "personality.h"

CK_RV give_output(const void *data, size_t length, CK_BYTE *room, CK_ULONG *room_length)
{
    CK_ULONG had;

    if (!room_length)
        return CKR_ARGUMENTS_BAD;
    had = *room_length;
    *room_length = length;
    if (!room)
        return CKR_OK;
    if (had < length)
        return CKR_BUFFER_TOO_SMALL;
    memcpy(room, data, length);
    return CKR_OK;
}

CK_RV give_bytes(CK_ATTRIBUTE *attribute, const void *data, size_t length)
{
    CK_ULONG had = attribute->ulValueLen;

    attribute->ulValueLen = length;
    if (!attribute->pValue)
        return CKR_OK;
    if (had < length) {
        attribute->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_BUFFER_TOO_SMALL;
    }
    memcpy(attribute->pValue, data, length);
    return CKR_OK;
}

CK_RV give_ulong(CK_ATTRIBUTE *attribute, CK_ULONG value)
{
    return give_bytes(attribute, &value, sizeof value);
}

CK_RV give_bool(CK_ATTRIBUTE *attribute, bool value)
{
    CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;

    return give_bytes(attribute, &byte, sizeof byte);
}

const CK_ATTRIBUTE *attribute_of(const CK_ATTRIBUTE *wanted, CK_ULONG count, CK_ATTRIBUTE_TYPE type)
{
    for (CK_ULONG i = 0; wanted && i < count; i++)
        if (wanted[i].type == type)
            return &wanted[i];
    return NULL;
}

CK_ULONG ulong_of(const CK_ATTRIBUTE *wanted, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                  CK_ULONG otherwise)
{
    const CK_ATTRIBUTE *found = attribute_of(wanted, count, type);
    CK_ULONG value;

    if (!found || !found->pValue || found->ulValueLen != sizeof value)
        return otherwise;
    memcpy(&value, found->pValue, sizeof value);
    return value;
}

bool bool_of(const CK_ATTRIBUTE *wanted, CK_ULONG count, CK_ATTRIBUTE_TYPE type, bool otherwise)
{
    const CK_ATTRIBUTE *found = attribute_of(wanted, count, type);

    if (!found || !found->pValue || found->ulValueLen != sizeof(CK_BBOOL))
        return otherwise;
    return *(const CK_BBOOL *)found->pValue != CK_FALSE;
}

void pad(CK_UTF8CHAR *field, size_t size, const char *text)
{
    size_t length = strlen(text);

    /* A cut must not split a letter of UTF-8. */
    if (length > size)
        for (length = size; length && ((unsigned char)text[length] & 0xC0) == 0x80;)
            length--;
    memset(field, ' ', size);
    memcpy(field, text, length);
}

CK_ULONG text_length(const CK_UTF8CHAR *text, CK_ULONG length)
{
    return text && length == CK_UNAVAILABLE_INFORMATION ? strlen((const char *)text) : length;
}
