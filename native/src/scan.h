/* What the parts of the scan share. */
#ifndef KUMON_OBSERVE_SCAN_H
#define KUMON_OBSERVE_SCAN_H

#define _GNU_SOURCE /* memmem, memrchr */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define NO_TIME INT64_MIN
#define NO_INSTANCE (-1)
#define MOST_FIELDS 8
#define MOST_PIECES 24
#define ROW_LENGTH 14
#define OFFSET 4 /* in a row */
#define PAYLOAD 4

/* The kinds of rows, as kumon_observe.model.rows numbers them. */
enum { PLANNER = 0, DELIVERY = 1, INSTANCE = 4, SEND = 7, RESULT = 8, FOLDED = 10 };

typedef struct {
    const char *start;
    Py_ssize_t length;
} Span;

/* A field's value, or the message: where it stands behind its line's beginning. */
typedef struct {
    int32_t offset, length;
} Field;

/* One place of a row's payload: a field, or always the same. */
typedef struct {
    int field;          /* -1: always the same */
    int known;          /* an unknown value is None */
    PyObject *constant; /* borrowed from the forms */
} Place;

typedef struct {
    enum { LITERAL, VALUE, COUNT } type;
    Span text;
} Part;

typedef struct {
    int kind;
    int conv, idem; /* numbers of fields, -1: none */
    Place payload[PAYLOAD];
    Part parts[2 * MOST_FIELDS + 1];
    int parts_count, fields_count;
    Span key; /* what stands around the first bar */
    int key_before;
} Form;

typedef struct {
    enum { TEXT, TIME, TRACE } type;
    Span text;
    int fraction;
    PyObject *minute; /* borrowed: tells the microseconds of a minute's text */
    char last[16];
    int64_t base; /* of the minute in last; NO_TIME: there is no such minute */
} Piece;

typedef struct {
    Form *form;
    Piece pieces[MOST_PIECES];
    int pieces_count, own;
    int may_repeat, proves_repeats;
    PyObject *record, *writer, *layouts, *process; /* borrowed from owned */
    PyObject *owned[MOST_PIECES + 4];
    int owned_count;
    int64_t used;
} Template;

typedef struct {
    const char *end;
    int64_t at;
    Field message;
    Field fields[MOST_FIELDS];
} Match;

/* What is known of a block's bytes from a first look. */
typedef struct {
    int64_t lines;
    int not_utf8, docker;
} Survey;

/* Where a bar stands that may be a trace's first one, and how many lines end before. */
typedef struct {
    Py_ssize_t place;
    int64_t lines;
} Hint;

/* Bytes of a file, and what a first look told: how many there are, how many of them are whole lines, the hints
 * in these. */
typedef struct {
    char *text;
    Py_ssize_t room, got, whole;
    Survey survey;
    Hint *hints;
    Py_ssize_t hints_count, hints_room;
    int error; /* number of the system's, 0: none */
} Chunk;

#define DOCKER "\"stream\":" /* in each entry of docker's json-file driver */

typedef struct {
    int64_t end, at;
    char *message;
    Py_ssize_t length, room;
    PyObject *record, *writer;
} Previous;

/* A trace: read here (template), or by Python (row). */
typedef struct {
    Template *template;
    PyObject *row;
    int kind;
    int folded;
    int outcome; /* of the pair that a delivery closes, 1 + its number; 0: none */
    int opens, exact;
    int32_t slot, next, instance;
    int64_t at;
    const char *start; /* of its line: in the block, or kept */
    int64_t offset, number; /* of its line */
    int32_t length;
    Field message;
    Field fields[MOST_FIELDS];
} Entry;

typedef struct {
    char *text;
    Py_ssize_t room;
} Lines;

typedef struct {
    PyObject_HEAD
    Py_buffer block;
    const char *data, *end, *counted;
    int64_t begun; /* offset of the block's first line */
    int64_t offset, line, counted_line, source, limit; /* offset, line: of the bytes that are there now */
    int keep_text, busy; /* busy: something is called that must not call the scan */
    Form *forms;
    int forms_count;
    PyObject *forms_owner;
    Template **templates;
    int templates_count, templates_room;
    int *order; /* the templates, latest used first */
    Entry *entries;
    Py_ssize_t count, room;
    Py_ssize_t kept_count; /* how many of the entries are of blocks before this one */
    Lines *kept;  /* their lines; the room is used again */
    int kept_pieces, kept_made;
    Chunk chunk; /* of what is read from a file the bytes, too */
    struct Ahead *ahead;
    Py_ssize_t hint; /* the number of the next one */
    Previous previous;
    PyObject *fold;
    int64_t traces, duplicates, first, last;
} Scan;

/* scan.c */
int is_busy(Scan *self); /* with an error set */

/* lines.c */
const char *line_start(const char *from, const char *place);
int64_t newlines(const char *from, const char *to);
void survey(Survey *survey, const char *from, const char *to);
int valid_utf8(const char *text, Py_ssize_t length);
int note_previous(Previous *previous, int64_t end, int64_t at, Span message, PyObject *record, PyObject *writer);

/* reading.c */
int look_at(Chunk *chunk, const char *text, Py_ssize_t length); /* false without memory */
void free_chunk(Chunk *chunk);

/* Reads up to room bytes, and lets a thread go on reading if ahead; gives the number of the error. */
int read_chunk(Scan *self, int fd, int64_t offset, int64_t until, Py_ssize_t room, int ahead);
void end_ahead(Scan *self);

/* templates.c */
int read_forms(Scan *self, PyObject *forms);
PyObject *Scan_learn(Scan *self, PyObject *args, PyObject *kwargs);
void forget_templates(Scan *self);
Template *find_template(Scan *self, const char *start, const char *bar, Match *match);

/* rows.c */
PyObject *moment_object(int64_t at);
Span field_of(const Entry *entry, int number);
Span part_of(const Entry *entry, int place); /* of the payload; nothing if that is always the same */
int64_t count_of(const Entry *entry);
PyObject *Scan_rows(Scan *self, PyObject *args, PyObject *kwargs);
int is_unknown(const char *text, Py_ssize_t length);

/* folding.c */
typedef struct {
    PyObject *names;   /* containers of conversations and idems that must not be folded */
    PyObject *convs;   /* containers of conversations with open turns, which another outbox does not touch */
    PyObject *sending; /* containers of conversations of which no send may be folded before a new turn */
    PyObject *held;    /* containers of the hashes of these turns: of their conversation and outbox */
    PyObject *vouches; /* says whether an instance is right */
    int singly;        /* bits: outcomes of pairs that must not be folded */
    int64_t longest;   /* microseconds that a turn may be open */
    int64_t until;     /* up to this time nothing that is open ends by itself */
    int exact;         /* whether a pair with one idem is no news */
    int64_t room;      /* turns */
} Wanted;
int64_t most_open(const Scan *self);

/* For each folded conversation, how many traces; those that no open turn of theirs may stand beside; those of
 * which a send was folded before a new turn; those of which no new turn was; the hashes of the outboxes of all folded turns. */
PyObject *fold_turns(Scan *self, const Wanted *wanted);

#endif
