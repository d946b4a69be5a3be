/* Bytes, lines and the record before. */
#include "scan.h"

/* Where the compiler can, the hot loops come in a second version for processors with wider vectors. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__gnu_linux__)
#define CLONED __attribute__((target_clones("avx2", "default")))
#else
#define CLONED
#endif

const char *
line_start(const char *from, const char *place)
{
    const char *newline = memrchr(from, '\n', place - from);
    return newline == NULL ? from : newline + 1;
}

CLONED int64_t
newlines(const char *from, const char *to)
{
    int64_t found = 0;
    while (from < to) {
        const char *stop = to - from > 255 ? from + 255 : to;
        unsigned char some = 0; /* one byte, so that the compiler counts in vectors */
        for (; from < stop; from++)
            some += *from == '\n';
        found += some;
    }
    return found;
}

/* How many bytes of a well-formed sequence begin at text; 0 if none does (Unicode, table 3-7). */
static int
sequence(const unsigned char *text, Py_ssize_t left)
{
    unsigned char lead = text[0], low = 0x80, high = 0xBF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    if (text[1] < low || text[1] > high)
        return 0;
    for (int n = 2; n < length; n++)
        if ((text[n] & 0xC0) != 0x80)
            return 0;
    return length;
}

#define HIGH_BITS 0x8080808080808080u

/* Where the first byte stands that is no ASCII; the end if there is none. */
static const unsigned char *
skip_ascii(const unsigned char *at, const unsigned char *end)
{
    uint64_t words[8];
    for (; end - at >= (Py_ssize_t)sizeof(words); at += sizeof(words)) {
        memcpy(words, at, sizeof(words));
        if ((words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7]) & HIGH_BITS)
            break;
    }
    for (; end - at >= 8; at += 8) {
        memcpy(words, at, 8);
        if (words[0] & HIGH_BITS)
            break;
    }
    while (at < end && *at < 0x80)
        at++;
    return at;
}

int
valid_utf8(const char *text, Py_ssize_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while ((at = skip_ascii(at, end)) < end) {
        do {
            int step = sequence(at, end - at);
            if (step == 0)
                return 0;
            at += step;
        } while (at < end && *at >= 0x80);
    }
    return 1;
}

/* A first look at bytes, one look at each: those that are no ASCII, what may be docker's. */
CLONED static void
glance(const char *from, const char *to, int *not_ascii, int *docker)
{
    enum { STRIPE = 224, BEHIND = sizeof(DOCKER) - 2 };
    unsigned char high = 0, quoted = 0;
    while (to - from >= STRIPE + BEHIND) {
        for (int n = 0; n < STRIPE; n++) {
            high |= (unsigned char)from[n];
            quoted |= (from[n] == '"') & (from[n + 1] == 's') & (from[n + BEHIND - 1] == '"') &
                      (from[n + BEHIND] == ':');
        }
        from += STRIPE;
    }
    for (const char *at = from; at < to; at++)
        high |= (unsigned char)*at;
    *not_ascii = high >> 7;
    *docker = quoted || memmem(from, to - from, DOCKER, sizeof(DOCKER) - 1) != NULL;
}

/* from and to lie at the ends of lines, which are counted elsewhere. */
void
survey(Survey *survey, const char *from, const char *to)
{
    int not_ascii, docker;
    glance(from, to, &not_ascii, &docker);
    if (not_ascii && !survey->not_utf8)
        survey->not_utf8 = !valid_utf8(from, to - from);
    if (docker && !survey->docker)
        survey->docker = memmem(from, to - from, DOCKER, sizeof(DOCKER) - 1) != NULL;
}

int
note_previous(Previous *previous, int64_t end, int64_t at, Span message, PyObject *record, PyObject *writer)
{
    if (message.length > previous->room) {
        char *grown = PyMem_Realloc(previous->message, message.length);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        previous->message = grown;
        previous->room = message.length;
    }
    if (message.length > 0)
        memcpy(previous->message, message.start, message.length);
    previous->length = message.length;
    previous->end = end;
    previous->at = at;
    if (previous->record != record)
        Py_XSETREF(previous->record, Py_XNewRef(record));
    if (previous->writer != writer)
        Py_XSETREF(previous->writer, Py_XNewRef(writer));
    return 0;
}
