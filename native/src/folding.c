/* Settled turns: those whose traces in a block are all there and leave nothing to look at a second time.
 *
 * A conversation's traces are folded from the block's beginning up to the last place at which nothing of it is
 * open; from the first trace that is anything but usual they all come one by one. Two conversations that share
 * an idem are not folded, and none that a check holds something open about. So the sums say what the traces
 * would have said one by one, wherever the traces of other conversations stand between them.
 */
#include "scan.h"

/* -- tables of strings ----------------------------------------------------------------------------------- */

typedef struct {
    Span text;
    int32_t value;
} Bucket;

typedef struct {
    Bucket *buckets;
    size_t mask, count;
} Table;

static uint64_t
hash_of(Span text)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ (uint64_t)text.length;
    const char *at = text.start;
    Py_ssize_t left = text.length;
    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    uint64_t word = 0;
    memcpy(&word, at, left);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    return hash ^ (hash >> 29);
}

static int
is_same(Span one, Span other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

static int
make_room(Table *table, size_t buckets)
{
    Table grown = {PyMem_Calloc(buckets, sizeof(Bucket)), buckets - 1, table->count};
    if (grown.buckets == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t n = 0; table->buckets != NULL && n <= table->mask; n++) {
        if (table->buckets[n].text.start == NULL)
            continue;
        size_t place = hash_of(table->buckets[n].text) & grown.mask;
        while (grown.buckets[place].text.start != NULL)
            place = (place + 1) & grown.mask;
        grown.buckets[place] = table->buckets[n];
    }
    PyMem_Free(table->buckets);
    *table = grown;
    return 0;
}

/* The value of text, set to fresh if it has none yet; -1 without memory. */
static int32_t *
value_of(Table *table, Span text, int32_t fresh)
{
    if ((table->buckets == NULL || table->count * 2 > table->mask) &&
        make_room(table, table->buckets == NULL ? 1024 : (table->mask + 1) * 2) < 0)
        return NULL;
    size_t place = hash_of(text) & table->mask;
    for (;; place = (place + 1) & table->mask) {
        Bucket *bucket = &table->buckets[place];
        if (bucket->text.start == NULL) {
            *bucket = (Bucket){text, fresh};
            table->count++;
            return &bucket->value;
        }
        if (is_same(bucket->text, text))
            return &bucket->value;
    }
}

/* -- conversations --------------------------------------------------------------------------------------- */

typedef struct {
    Span conv;
    int32_t first, last; /* entries */
    int apart;
    int open;       /* whether a check holds an open turn of it */
    int sending;    /* whether a check waits for a send of it */
    int goes_on;    /* whether a send of it is folded before a new turn */
    int begins;     /* whether a new turn of it is folded */
    int vague;      /* whether it has folded traces that may not stand beside an open turn */
    int64_t folded; /* how many of its entries */
} Slot;

typedef struct {
    Table convs, idems, instances;
    Slot *slots;
    int32_t count, room;
    int *right; /* for each instance: does every check vouch for it? */
    int32_t rights;
    int64_t *openings; /* for each entry the latest time at which a planner trace stands up to it */
    int64_t *hashes;   /* of the outboxes of folded turns */
    Py_ssize_t hashes_count, hashes_room;
} Folding;

static Span
row_text(PyObject *row, int place)
{
    Span text = {NULL, 0};
    PyObject *given = PyTuple_GET_ITEM(row, place);
    if (PyUnicode_Check(given)) {
        text.start = PyUnicode_AsUTF8AndSize(given, &text.length);
        if (text.start == NULL && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            PyErr_Clear(); /* a lone surrogate: no trace that is folded can share it, since those are ASCII */
    }
    return text;
}

static Span
known_field(const Entry *entry, int number)
{
    Span text = {NULL, 0};
    if (number >= 0) {
        text = field_of(entry, number);
        if (is_unknown(text.start, text.length))
            text.start = NULL;
    }
    return text;
}

static Span
conv_of(const Entry *entry)
{
    return entry->row ? row_text(entry->row, 8) : known_field(entry, entry->template->form->conv);
}

static Span
idem_of(const Entry *entry)
{
    return entry->row ? row_text(entry->row, 9) : known_field(entry, entry->template->form->idem);
}

static int
join_conversation(Folding *folding, Entry *entries, int32_t number)
{
    Entry *entry = &entries[number];
    Span conv = conv_of(entry);
    entry->slot = entry->next = -1;
    if (PyErr_Occurred())
        return -1;
    if (conv.start == NULL)
        return 0;
    int32_t *slot = value_of(&folding->convs, conv, folding->count);
    if (slot == NULL)
        return -1;
    if (*slot == folding->count) {
        if (folding->count == folding->room) {
            int32_t room = folding->room ? folding->room * 2 : 512;
            Slot *slots = PyMem_Realloc(folding->slots, room * sizeof(Slot));
            if (slots == NULL) {
                PyErr_NoMemory();
                return -1;
            }
            folding->slots = slots;
            folding->room = room;
        }
        folding->slots[folding->count++] = (Slot){.conv = conv, .first = number, .last = number};
    }
    else {
        Slot *joined = &folding->slots[*slot];
        entries[joined->last].next = number;
        joined->last = number;
    }
    entry->slot = *slot;
    return 0;
}

static int
set_apart(Folding *folding, int32_t slot)
{
    if (slot >= 0)
        folding->slots[slot].apart = 1;
    return 0;
}

/* An idem is one conversation's: where two share it, or one of none has it, nothing of it is folded. */
static int
claim_idem(Folding *folding, const Entry *entry)
{
    Span idem = idem_of(entry);
    if (PyErr_Occurred())
        return -1;
    if (idem.start == NULL)
        return 0;
    int32_t *owner = value_of(&folding->idems, idem, entry->slot);
    if (owner == NULL)
        return -1;
    if (*owner != entry->slot || entry->slot < 0) {
        set_apart(folding, *owner);
        set_apart(folding, entry->slot);
    }
    return 0;
}

static int
note_instance(Folding *folding, Entry *entry)
{
    int place = entry->kind == INSTANCE ? 1 : entry->kind == SEND ? 0 : entry->kind == RESULT ? 2 : -1;
    if (place < 0 || entry->row)
        return 0;
    int32_t *number = value_of(&folding->instances, part_of(entry, place), (int32_t)folding->instances.count);
    if (number == NULL)
        return -1;
    entry->instance = *number;
    return 0;
}

/* Whether any of the containers holds what is given, which is used up. */
static int
held_by_any(PyObject *containers, PyObject *given)
{
    if (given == NULL)
        return -1;
    int held = 0;
    for (Py_ssize_t n = 0; containers != NULL && held == 0 && n < PyTuple_GET_SIZE(containers); n++)
        held = PySequence_Contains(PyTuple_GET_ITEM(containers, n), given);
    Py_DECREF(given);
    return held;
}

static PyObject *
text_object(Span text)
{
    return PyUnicode_FromStringAndSize(text.start, text.length);
}

/* The hash of a turn as the checks have it: of its conversation and outbox. -1 after an error. */
static Py_hash_t
hash_of_turn(Span conv, Span outbox)
{
    PyObject *key = Py_BuildValue("(NN)", text_object(conv), text_object(outbox));
    if (key == NULL)
        return -1;
    Py_hash_t hash = PyObject_Hash(key);
    Py_DECREF(key);
    return hash;
}

static int
heed_checks(Folding *folding, const Wanted *wanted)
{
    if (wanted->names != NULL && PyTuple_GET_SIZE(wanted->names) > 0) {
        for (int32_t n = 0; n < folding->count; n++) {
            Slot *slot = &folding->slots[n];
            int held = slot->apart ? 0 : held_by_any(wanted->names, text_object(slot->conv));
            if (held < 0)
                return -1;
            slot->apart |= held;
        }
        for (size_t n = 0; folding->idems.count && n <= folding->idems.mask; n++) {
            const Bucket *idem = &folding->idems.buckets[n];
            if (idem->text.start == NULL || idem->value < 0)
                continue;
            int held = held_by_any(wanted->names, text_object(idem->text));
            if (held < 0)
                return -1;
            if (held)
                set_apart(folding, idem->value);
        }
    }
    for (int32_t n = 0; n < folding->count; n++) {
        Slot *slot = &folding->slots[n];
        if (slot->apart)
            continue;
        slot->open = held_by_any(wanted->convs, text_object(slot->conv));
        slot->sending = slot->open < 0 ? -1 : held_by_any(wanted->sending, text_object(slot->conv));
        if (slot->sending < 0)
            return -1;
    }
    folding->right = PyMem_Calloc(folding->instances.count + 1, sizeof(int));
    if (folding->right == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t n = 0; folding->instances.count && n <= folding->instances.mask; n++) {
        const Bucket *instance = &folding->instances.buckets[n];
        if (instance->text.start == NULL)
            continue;
        if (wanted->vouches == Py_None) {
            folding->right[instance->value] = 1;
            continue;
        }
        PyObject *told = PyObject_CallFunction(wanted->vouches, "s#", instance->text.start, instance->text.length);
        int right = told == NULL ? -1 : PyObject_IsTrue(told);
        Py_XDECREF(told);
        if (right < 0)
            return -1;
        folding->right[instance->value] = right;
    }
    return 0;
}

/* -- turns ----------------------------------------------------------------------------------------------- */

enum { SETTLED, PLANNED, DELIVERED, SENDING, UNUSUAL };

typedef struct {
    int state;
    const Entry *planner; /* the long trace that opened the turn */
    const Entry *send;
    int64_t count, opened; /* opened: when, at the earliest */
} Walk;

static int
is_object(Span id)
{
    return id.length && !(id.length == 7 && memcmp(id.start, "unknown", 7) == 0) &&
           !(id.length == 4 && memcmp(id.start, "None", 4) == 0);
}

static int
is_missing(Span id)
{
    return id.length == 7 && memcmp(id.start, "MISSING", 7) == 0;
}

/* 0: not to be told, 1: the same, 2: it differs (TRACES section 7). */
static int
differs(Span planner, Span delivery)
{
    if (!is_object(planner) || !is_object(delivery) || (is_missing(planner) && is_missing(delivery)))
        return 0;
    return is_same(planner, delivery) ? 1 : 2;
}

/* Whether a trace of a conversation with an open turn has nothing to do with that: 0, 1, or -1 after an error. */
static int
is_beside(const Slot *slot, const Entry *entry, const Wanted *wanted)
{
    Span outbox = part_of(entry, 2);
    if (!is_object(outbox) || is_missing(outbox))
        return 0;
    Py_hash_t hash = hash_of_turn(slot->conv, outbox);
    if (hash == -1)
        return -1;
    int held = held_by_any(wanted->held, PyLong_FromSsize_t(hash));
    return held < 0 ? -1 : !held;
}

static int
is_one_object(Span one, Span other)
{
    return is_same(one, other) && is_object(one) && !is_missing(one);
}

static int
same_idem(const Entry *one, const Entry *other)
{
    Span first = idem_of(one), second = idem_of(other);
    if (first.start == NULL || second.start == NULL)
        return first.start == second.start;
    return is_same(first, second);
}

static int
is_short(const Entry *entry)
{
    return entry->template->form->payload[3].constant == Py_True;
}

static int
plan(Walk *walk, Entry *entry)
{
    if (walk->state == SETTLED) {
        if (is_short(entry))
            return UNUSUAL;
        entry->opens = 1;
        walk->planner = entry;
        walk->count = count_of(entry);
        walk->opened = entry->at;
        return PLANNED;
    }
    if (walk->state != PLANNED)
        return UNUSUAL;
    const Entry *planner = walk->planner;
    Span state = part_of(entry, 1);
    if (entry->template->process != planner->template->process || !is_same(state, part_of(planner, 1)) ||
        count_of(entry) < walk->count || (entry->at == NO_TIME) != (planner->at == NO_TIME))
        return UNUSUAL;
    if (is_short(entry) ? !is_one_object(state, state)
                        : !same_idem(planner, entry) || !is_same(part_of(entry, 2), part_of(planner, 2)))
        return UNUSUAL;
    walk->count = count_of(entry);
    if (entry->at < walk->opened)
        walk->opened = entry->at;
    return PLANNED;
}

static int
deliver(Walk *walk, Entry *entry, const Wanted *wanted, int64_t latest)
{
    int64_t count = count_of(entry);
    if (walk->state == SETTLED)
        return count == 0 ? SETTLED : UNUSUAL; /* a second drain */
    if (walk->state != PLANNED || count != walk->count)
        return UNUSUAL;
    const Entry *planner = walk->planner;
    Span idem = idem_of(entry), states[2] = {part_of(planner, 1), part_of(entry, 1)},
         outboxes[2] = {part_of(planner, 2), part_of(entry, 2)};
    if (entry->template->process != planner->template->process || !same_idem(planner, entry) ||
        (entry->at == NO_TIME) != (planner->at == NO_TIME))
        return UNUSUAL;
    if (idem.start == NULL && !is_one_object(outboxes[0], outboxes[1]) && !is_one_object(states[0], states[1]))
        return UNUSUAL;
    if (walk->opened != NO_TIME && latest - walk->opened > wanted->longest)
        return UNUSUAL;
    int outcome = 3 * differs(states[0], states[1]) + differs(outboxes[0], outboxes[1]);
    if (wanted->singly >> outcome & 1)
        return UNUSUAL;
    entry->outcome = outcome + 1;
    entry->exact = idem.start != NULL;
    return count ? DELIVERED : SETTLED;
}

static int
step(Walk *walk, Entry *entry, const Folding *folding, const Slot *slot, const Wanted *wanted, int64_t latest)
{
    if (entry->row)
        return UNUSUAL;
    if (entry->instance != NO_INSTANCE && !folding->right[entry->instance])
        return UNUSUAL;
    switch (entry->kind) {
    case PLANNER:
    case DELIVERY:
        if (slot->open && !(entry->kind == PLANNER && is_short(entry))) {
            if (walk->state == SETTLED && entry->kind == DELIVERY)
                return UNUSUAL; /* it may be the open turn's */
            int beside = is_beside(slot, entry, wanted);
            if (beside <= 0)
                return UNUSUAL; /* an error is seen behind the walk */
        }
        return entry->kind == PLANNER ? plan(walk, entry) : deliver(walk, entry, wanted, latest);
    case INSTANCE: {
        Span source = part_of(entry, 0);
        return source.length == 5 && memcmp(source.start, "error", 5) == 0 ? UNUSUAL : walk->state;
    }
    case SEND:
        if (slot->sending && walk->planner == NULL)
            return UNUSUAL;
        if (walk->state != SETTLED && walk->state != DELIVERED)
            return UNUSUAL;
        walk->send = entry;
        return SENDING;
    case RESULT:
        return walk->state == SENDING && same_idem(walk->send, entry) ? SETTLED : UNUSUAL;
    default:
        return UNUSUAL;
    }
}

static int
add_hash(Folding *folding, const Slot *slot, Span outbox)
{
    if (folding->hashes_count == folding->hashes_room) {
        Py_ssize_t room = folding->hashes_room ? folding->hashes_room * 2 : 1024;
        int64_t *hashes = PyMem_Realloc(folding->hashes, room * sizeof(int64_t));
        if (hashes == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        folding->hashes = hashes;
        folding->hashes_room = room;
    }
    Py_hash_t hash = hash_of_turn(slot->conv, outbox);
    if (hash == -1)
        return -1;
    folding->hashes[folding->hashes_count++] = hash;
    return 0;
}

/* Notes what an open turn of the conversation would have to know of a folded trace. */
static int
tell_outbox(Folding *folding, Slot *slot, const Entry *entry, Span *last)
{
    slot->goes_on |= entry->kind == SEND && !slot->begins;
    slot->begins |= entry->kind == PLANNER;
    if ((entry->kind != PLANNER && entry->kind != DELIVERY) || (entry->kind == PLANNER && is_short(entry)))
        return 0;
    Span outbox = part_of(entry, 2);
    if (!is_object(outbox) || is_missing(outbox) || (entry->kind == DELIVERY && !entry->outcome))
        slot->vague = 1;
    if (last->start != NULL && is_same(*last, outbox))
        return 0;
    *last = outbox;
    return add_hash(folding, slot, outbox);
}

/* Marks the entries of a conversation that can be folded. */
static int
walk_conversation(Scan *self, Folding *folding, Slot *slot, const Wanted *wanted)
{
    Walk walk = {SETTLED, NULL, NULL, 0, NO_TIME};
    Span last = {NULL, 0};
    int32_t settled = -1;
    for (int32_t n = slot->first; n >= 0; n = self->entries[n].next) {
        Entry *entry = &self->entries[n];
        entry->opens = entry->exact = entry->outcome = 0;
        walk.state = step(&walk, entry, folding, slot, wanted, folding->openings[n]);
        if (walk.state == UNUSUAL)
            break;
        if (walk.state == SETTLED)
            settled = n;
    }
    if (PyErr_Occurred())
        return -1;
    for (int32_t n = slot->first; settled >= 0 && n >= 0; n = self->entries[n].next) {
        self->entries[n].folded = 1;
        slot->folded++;
        if (tell_outbox(folding, slot, &self->entries[n], &last) < 0)
            return -1;
        if (n == settled)
            break;
    }
    return 0;
}

/* How many turns, or messages on their way, may be open at a time beside those that are open before the block. */
int64_t
most_open(const Scan *self)
{
    int64_t turns = 0, messages = 0;
    for (Py_ssize_t n = 0; n < self->count; n++) {
        const Entry *entry = &self->entries[n];
        turns += entry->kind == PLANNER && (entry->opens || !entry->folded);
        messages += entry->kind == SEND || (entry->kind == DELIVERY && !entry->folded);
    }
    return turns > messages ? turns : messages;
}

static int
read_block(Scan *self, Folding *folding)
{
    int64_t latest = NO_TIME;
    folding->openings = PyMem_Malloc((self->count + 1) * sizeof(int64_t));
    if (folding->openings == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t n = 0; n < self->count; n++) {
        Entry *entry = &self->entries[n];
        if (join_conversation(folding, self->entries, (int32_t)n) < 0 || note_instance(folding, entry) < 0)
            return -1;
        if (claim_idem(folding, entry) < 0)
            return -1;
        if (entry->kind == PLANNER && entry->at > latest)
            latest = entry->at;
        folding->openings[n] = latest;
    }
    return 0;
}

/* What is told of the folded conversations: see fold_turns. */
static PyObject *
told(const Folding *folding)
{
    PyObject *names = PyDict_New(), *vague = PySet_New(NULL), *going_on = PySet_New(NULL), *still = PySet_New(NULL);
    int failed = names == NULL || vague == NULL || going_on == NULL || still == NULL;
    for (int32_t n = 0; !failed && n < folding->count; n++) {
        const Slot *slot = &folding->slots[n];
        if (!slot->folded)
            continue;
        PyObject *name = text_object(slot->conv), *traces = PyLong_FromLongLong(slot->folded);
        failed = name == NULL || traces == NULL || PyDict_SetItem(names, name, traces) < 0 ||
                 (slot->vague && PySet_Add(vague, name) < 0) || (slot->goes_on && PySet_Add(going_on, name) < 0) ||
                 (!slot->begins && PySet_Add(still, name) < 0);
        Py_XDECREF(name);
        Py_XDECREF(traces);
    }
    if (failed) {
        Py_XDECREF(names);
        Py_XDECREF(vague);
        Py_XDECREF(going_on);
        Py_XDECREF(still);
        return NULL;
    }
    Py_ssize_t length = folding->count ? folding->hashes_count * (Py_ssize_t)sizeof(int64_t) : 0;
    return Py_BuildValue("(NNNNy#)", names, vague, going_on, still, length ? (const char *)folding->hashes : "", length);
}

PyObject *
fold_turns(Scan *self, const Wanted *wanted)
{
    Folding folding = {0};
    PyObject *found = NULL;
    if (self->count >= INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a block has too many traces");
        return NULL;
    }
    if (read_block(self, &folding) < 0 || heed_checks(&folding, wanted) < 0)
        goto done;
    for (int32_t n = 0; n < folding.count; n++)
        if (!folding.slots[n].apart && walk_conversation(self, &folding, &folding.slots[n], wanted) < 0)
            goto done;
    if (most_open(self) > wanted->room) { /* a check would have to give up what it holds: it must see when */
        for (Py_ssize_t n = 0; n < self->count; n++)
            self->entries[n].folded = 0;
        folding.count = 0;
    }
    found = told(&folding);
done:
    PyMem_Free(folding.convs.buckets);
    PyMem_Free(folding.idems.buckets);
    PyMem_Free(folding.instances.buckets);
    PyMem_Free(folding.slots);
    PyMem_Free(folding.right);
    PyMem_Free(folding.openings);
    PyMem_Free(folding.hashes);
    return found;
}
