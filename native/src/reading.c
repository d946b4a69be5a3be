/* Bytes of a file and a first look at them, taken while they are in the cache; a thread may be some chunks ahead.
 *
 * That thread knows nothing of Python: it fills chunks of its own, which are swapped for the one in use.
 */
#include "scan.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#define PIECE (128 << 10) /* bytes that are read, and looked at, at once */

#define MOST_AHEAD 3

typedef struct Ahead {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pid_t process; /* the one that has the thread */
    int fd;
    int64_t next, until; /* offsets: of what is read next, and where to stop */
    Py_ssize_t room;
    Chunk chunks[MOST_AHEAD];
    int64_t offsets[MOST_AHEAD];
    int first, filled; /* which chunk is the oldest, and how many wait */
    int stopped, ends; /* it reads no more; it must not */
} Ahead;

/* -- a first look ---------------------------------------------------------------------------------------- */

static int
is_hint(const char *from, const char *bar, const char *to)
{
    Py_ssize_t before = bar - from, after = to - bar - 1;
    if (before >= 6 && (memcmp(bar - 6, "_TRACE", 6) == 0 || memcmp(bar - 6, "_GUARD", 6) == 0))
        return 1;
    if (before < 8 || memcmp(bar - 8, "DELIVERY", 8) != 0)
        return 0;
    return (after >= 4 && memcmp(bar + 1, "sent", 4) == 0) ||
           (after >= 11 && memcmp(bar + 1, "send_failed", 11) == 0) ||
           (after >= 9 && memcmp(bar + 1, "dedup_hit", 9) == 0);
}

/* Looks at the lines that stand start bytes behind the beginning; false without memory. */
static int
look(Chunk *chunk, const char *beginning, Py_ssize_t start, Py_ssize_t stop)
{
    const char *from = beginning + start, *to = beginning + stop, *counted = from;
    survey(&chunk->survey, from, to);
    for (const char *at = from; (at = memchr(at, '|', to - at)) != NULL; at++) {
        if (!is_hint(from, at, to))
            continue;
        chunk->survey.lines += newlines(counted, at);
        counted = at;
        if (chunk->hints_count == chunk->hints_room) {
            Py_ssize_t room = chunk->hints_room ? chunk->hints_room * 2 : 1024;
            Hint *hints = PyMem_RawRealloc(chunk->hints, room * sizeof(Hint));
            if (hints == NULL)
                return 0;
            chunk->hints = hints;
            chunk->hints_room = room;
        }
        chunk->hints[chunk->hints_count++] = (Hint){at - beginning, chunk->survey.lines};
    }
    chunk->survey.lines += newlines(counted, to);
    return 1;
}

static void
begin_chunk(Chunk *chunk)
{
    chunk->got = chunk->whole = chunk->hints_count = 0;
    chunk->survey = (Survey){0};
    chunk->error = 0;
}

int
look_at(Chunk *chunk, const char *text, Py_ssize_t length)
{
    begin_chunk(chunk);
    return look(chunk, text, 0, length);
}

static void
fill(Chunk *chunk, int fd, int64_t offset, Py_ssize_t length)
{
    begin_chunk(chunk);
    if (length > chunk->room) {
        char *text = PyMem_RawRealloc(chunk->text, length);
        if (text == NULL) {
            chunk->error = ENOMEM;
            return;
        }
        chunk->text = text;
        chunk->room = length;
    }
    while (chunk->got < length) {
        Py_ssize_t piece = length - chunk->got < PIECE ? length - chunk->got : PIECE;
        ssize_t read = pread(fd, chunk->text + chunk->got, piece, offset + chunk->got);
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            chunk->error = errno;
        if (read <= 0)
            return;
        chunk->got += read;
        const char *newline = memrchr(chunk->text + chunk->whole, '\n', chunk->got - chunk->whole);
        if (newline == NULL)
            continue;
        Py_ssize_t stop = newline + 1 - chunk->text;
        if (!look(chunk, chunk->text, chunk->whole, stop)) {
            chunk->error = ENOMEM;
            return;
        }
        chunk->whole = stop;
    }
}

void
free_chunk(Chunk *chunk)
{
    PyMem_RawFree(chunk->text);
    PyMem_RawFree(chunk->hints);
    *chunk = (Chunk){0};
}

/* -- the thread ------------------------------------------------------------------------------------------ */

static Py_ssize_t
length_at(int64_t offset, int64_t until, Py_ssize_t room)
{
    return until - offset < room ? (Py_ssize_t)(until - offset) : room;
}

static void *
read_ahead(void *given)
{
    Ahead *ahead = given;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stopped) {
        while (ahead->filled == MOST_AHEAD && !ahead->ends)
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        if (ahead->ends)
            break;
        int slot = (ahead->first + ahead->filled) % MOST_AHEAD;
        Chunk *chunk = &ahead->chunks[slot];
        pthread_mutex_unlock(&ahead->lock);
        fill(chunk, ahead->fd, ahead->next, length_at(ahead->next, ahead->until, ahead->room));
        pthread_mutex_lock(&ahead->lock);
        ahead->offsets[slot] = ahead->next;
        ahead->next += chunk->whole;
        ahead->stopped = chunk->error || chunk->whole == 0 || ahead->next >= ahead->until;
        ahead->filled++;
        pthread_cond_signal(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

static void
free_ahead(Ahead *ahead)
{
    for (int n = 0; n < MOST_AHEAD; n++)
        free_chunk(&ahead->chunks[n]);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    PyMem_RawFree(ahead);
}

/* Without memory or threads there is none, and all is read when it is asked for. */
static void
begin_ahead(Scan *self, int fd, int64_t offset, int64_t until, Py_ssize_t room)
{
    Ahead *ahead = PyMem_RawCalloc(1, sizeof(Ahead));
    if (ahead == NULL)
        return;
    ahead->process = getpid();
    ahead->fd = fd;
    ahead->next = offset;
    ahead->until = until;
    ahead->room = room;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) != 0)
        free_ahead(ahead);
    else
        self->ahead = ahead;
}

void
end_ahead(Scan *self)
{
    Ahead *ahead = self->ahead;
    self->ahead = NULL;
    if (ahead == NULL || ahead->process != getpid()) /* a fork has no thread to end */
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->ends = 1;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    free_ahead(ahead);
}

/* Takes the oldest chunk that was read ahead, if it is what is asked for. */
static int
take(Scan *self, int fd, int64_t offset)
{
    Ahead *ahead = self->ahead;
    if (ahead == NULL || ahead->process != getpid() || ahead->fd != fd)
        return 0;
    pthread_mutex_lock(&ahead->lock);
    while (ahead->filled == 0 && !ahead->stopped)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    int fits = ahead->filled > 0 && ahead->offsets[ahead->first] == offset;
    if (fits) {
        Chunk *oldest = &ahead->chunks[ahead->first], used = self->chunk;
        self->chunk = *oldest;
        *oldest = used;
        ahead->first = (ahead->first + 1) % MOST_AHEAD;
        ahead->filled--;
        pthread_cond_signal(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return fits;
}

int
read_chunk(Scan *self, int fd, int64_t offset, int64_t until, Py_ssize_t room, int ahead)
{
    Chunk *chunk = &self->chunk;
    Py_BEGIN_ALLOW_THREADS
    if (!take(self, fd, offset)) {
        end_ahead(self);
        fill(chunk, fd, offset, length_at(offset, until, room));
    }
    int64_t next = offset + chunk->whole;
    int goes_on = ahead && !chunk->error && chunk->whole > 0 && next < until;
    if (!goes_on)
        end_ahead(self);
    else if (self->ahead == NULL)
        begin_ahead(self, fd, next, until, room);
    Py_END_ALLOW_THREADS
    return chunk->error;
}
