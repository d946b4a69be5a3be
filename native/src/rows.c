/* Rows for Python, as kumon_observe.model.rows describes them. */
#include "scan.h"

PyObject *
moment_object(int64_t at)
{
    return at == NO_TIME ? Py_NewRef(Py_None) : PyLong_FromLongLong(at);
}

Span
field_of(const Entry *entry, int number)
{
    const Field *field = &entry->fields[number];
    return (Span){entry->start + field->offset, field->length};
}

Span
part_of(const Entry *entry, int place)
{
    int number = entry->template->form->payload[place].field;
    return number < 0 ? (Span){NULL, 0} : field_of(entry, number);
}

static int64_t
number_in(Span digits)
{
    int64_t number = 0;
    for (Py_ssize_t n = 0; n < digits.length; n++)
        number = number * 10 + (digits.start[n] - '0');
    return number;
}

int64_t
count_of(const Entry *entry)
{
    return number_in(part_of(entry, 0));
}

int
is_unknown(const char *text, Py_ssize_t length)
{
    return length == 0 || (length == 7 && memcmp(text, "unknown", 7) == 0) ||
           (length == 7 && memcmp(text, "MISSING", 7) == 0) || (length == 4 && memcmp(text, "None", 4) == 0);
}

static PyObject *
text_object(Span text)
{
    return PyUnicode_FromStringAndSize(text.start, text.length); /* a form holds ASCII alone */
}

static PyObject *
known_object(Span text)
{
    return is_unknown(text.start, text.length) ? Py_NewRef(Py_None) : text_object(text);
}

static PyObject *
payload_object(const Entry *entry, int number)
{
    const Form *form = entry->template->form;
    const Place *place = &form->payload[number];
    if (place->field < 0)
        return Py_NewRef(place->constant);
    Span text = field_of(entry, place->field);
    int field = -1;
    for (int n = 0; n < form->parts_count; n++) {
        field += form->parts[n].type != LITERAL;
        if (field == place->field && form->parts[n].type != LITERAL)
            return form->parts[n].type == COUNT ? PyLong_FromLongLong(number_in(text))
                   : place->known               ? known_object(text)
                                                : text_object(text);
    }
    Py_UNREACHABLE();
}

static PyObject *
row_object(const Scan *self, const Entry *entry)
{
    const Form *form = entry->template->form;
    Span message = {entry->start + entry->message.offset, entry->message.length};
    PyObject *row = PyTuple_New(ROW_LENGTH);
    if (row == NULL)
        return NULL;
    PyObject *parts[ROW_LENGTH] = {
        PyLong_FromLong(entry->kind),
        moment_object(entry->at),
        PyLong_FromLongLong(self->source),
        PyLong_FromLongLong(entry->number),
        PyLong_FromLongLong(entry->offset),
        PyLong_FromLong(entry->length),
        self->keep_text ? text_object(message) : Py_NewRef(Py_None),
        Py_NewRef(entry->template->process),
        form->conv < 0 ? Py_NewRef(Py_None) : known_object(field_of(entry, form->conv)),
        form->idem < 0 ? Py_NewRef(Py_None) : known_object(field_of(entry, form->idem)),
        payload_object(entry, 0),
        payload_object(entry, 1),
        payload_object(entry, 2),
        payload_object(entry, 3),
    };
    for (int n = 0; n < ROW_LENGTH; n++) {
        if (parts[n] == NULL) {
            for (; n < ROW_LENGTH; n++)
                Py_XDECREF(parts[n]);
            Py_DECREF(row);
            return NULL;
        }
        PyTuple_SET_ITEM(row, n, parts[n]);
    }
    return row;
}

/* -- folded runs ----------------------------------------------------------------------------------------- */

typedef struct {
    int64_t planners, deliveries, instances, sends, success, turns;
    int64_t pairs[9];
    int64_t latest, first, last;
    int exact;
    PyObject *refused, *messages;
} Run;

static int
append(PyObject **list, PyObject *item)
{
    if (item == NULL || (*list == NULL && (*list = PyList_New(0)) == NULL)) {
        Py_XDECREF(item);
        return -1;
    }
    int failed = PyList_Append(*list, item);
    Py_DECREF(item);
    return failed;
}

static int
add_result(Run *run, const Entry *entry)
{
    const Form *form = entry->template->form;
    int success = form->payload[0].constant == Py_True;
    run->success += success;
    if (!success && append(&run->refused, known_object(part_of(entry, 1))) < 0)
        return -1;
    Span idem = field_of(entry, form->idem);
    if (is_unknown(idem.start, idem.length))
        return 0;
    PyObject *conv = text_object(field_of(entry, form->conv)), *key = text_object(idem);
    if (conv == NULL || key == NULL) {
        Py_XDECREF(conv);
        Py_XDECREF(key);
        return -1;
    }
    return append(&run->messages, Py_BuildValue("(NNO)", conv, key, success ? Py_True : Py_False));
}

static int
add_to_run(Run *run, const Entry *entry)
{
    if (entry->at != NO_TIME) {
        if (run->first == NO_TIME || entry->at < run->first)
            run->first = entry->at;
        if (run->last == NO_TIME || entry->at > run->last)
            run->last = entry->at;
    }
    switch (entry->kind) {
    case PLANNER:
        run->planners++;
        run->turns += entry->opens;
        if (entry->opens && entry->at != NO_TIME && entry->at > run->latest)
            run->latest = entry->at; /* NO_TIME is the least of all */
        return 0;
    case DELIVERY:
        run->deliveries++;
        run->exact |= entry->exact;
        if (entry->outcome)
            run->pairs[entry->outcome - 1]++;
        return 0;
    case INSTANCE:
        run->instances++;
        return 0;
    case SEND:
        run->sends++;
        return 0;
    default:
        return add_result(run, entry);
    }
}

static PyObject *
as_tuple(PyObject **list)
{
    if (*list == NULL)
        return PyTuple_New(0);
    PyObject *made = PyList_AsTuple(*list);
    Py_CLEAR(*list);
    return made;
}

static PyObject *
pairs_object(const Run *run)
{
    PyObject *told[3] = {Py_None, Py_False, Py_True}, *list = PyList_New(0);
    for (int n = 0; list != NULL && n < 9; n++) {
        if (run->pairs[n] == 0)
            continue;
        if (append(&list, Py_BuildValue("((OO)L)", told[n / 3], told[n % 3], (long long)run->pairs[n])) < 0)
            Py_CLEAR(list);
    }
    return list == NULL ? NULL : as_tuple(&list);
}

/* The row of a run, which is empty again afterwards. */
static PyObject *
run_object(const Scan *self, Run *run, int64_t before, PyObject *process, PyObject *block)
{
    PyObject *pairs = pairs_object(run), *refused = as_tuple(&run->refused), *messages = as_tuple(&run->messages);
    if (pairs == NULL || refused == NULL || messages == NULL) {
        Py_XDECREF(pairs);
        Py_XDECREF(refused);
        Py_XDECREF(messages);
        return NULL;
    }
    PyObject *fold = PyObject_CallFunction(
        self->fold, "LLLLLLNLONNNN", (long long)run->planners, (long long)before, (long long)run->deliveries,
        (long long)run->instances, (long long)run->sends, (long long)run->success, refused,
        (long long)run->turns, run->exact ? Py_True : Py_False, pairs, messages, moment_object(run->first),
        moment_object(run->last));
    if (fold == NULL)
        return NULL;
    PyObject *row = Py_BuildValue("(iNLiLiOOOONOOO)", FOLDED, moment_object(run->latest), (long long)self->source,
                                  0, (long long)self->begun, 0, Py_None, process, Py_None, Py_None, fold, block,
                                  Py_None, Py_None);
    memset(run, 0, sizeof(Run));
    run->latest = run->first = run->last = NO_TIME;
    return row;
}

/* What must hold of a block for its folded traces to come in one row, before all others. */
typedef struct {
    int64_t first, last;
    int untimed, exact, folded;
} Order;

static Order
order_of(const Scan *self)
{
    Order order = {NO_TIME, NO_TIME, 0, 0, 0};
    for (Py_ssize_t n = 0; n < self->count; n++) {
        const Entry *entry = &self->entries[n];
        order.folded |= entry->folded;
        order.exact |= entry->folded && entry->exact;
        if (entry->at == NO_TIME) {
            order.untimed = 1;
            continue;
        }
        if (order.first == NO_TIME || entry->at < order.first)
            order.first = entry->at;
        if (order.last == NO_TIME || entry->at > order.last)
            order.last = entry->at;
    }
    return order;
}

static int
is_any_order(const Order *order, const Wanted *wanted)
{
    return order->folded && !order->untimed && order->last <= wanted->until &&
           order->last - order->first <= wanted->longest && (wanted->exact || !order->exact);
}

/* The row of all folded traces. */
static int
add_all_folded(const Scan *self, PyObject **list, PyObject *block)
{
    Run run = {0};
    PyObject *process = NULL;
    run.latest = run.first = run.last = NO_TIME;
    for (Py_ssize_t n = 0; n < self->count; n++) {
        const Entry *entry = &self->entries[n];
        if (!entry->folded)
            continue;
        process = entry->template->process;
        if (add_to_run(&run, entry) < 0) {
            Py_XDECREF(run.refused);
            Py_XDECREF(run.messages);
            return -1;
        }
    }
    return append(list, run_object(self, &run, 0, process, block));
}

/* Of each row by its offset: how many planner traces of the block there are up to it, the folded ones too. */
static PyObject *
numbers_object(const Scan *self)
{
    PyObject *numbers = PyDict_New();
    int64_t planners = 0;
    for (Py_ssize_t n = 0; numbers != NULL && n < self->count; n++) {
        const Entry *entry = &self->entries[n];
        planners += entry->kind == PLANNER;
        if (entry->folded)
            continue;
        PyObject *offset = entry->row ? Py_NewRef(PyTuple_GET_ITEM(entry->row, OFFSET))
                                      : PyLong_FromLongLong(entry->offset);
        PyObject *number = PyLong_FromLongLong(planners);
        if (offset == NULL || number == NULL || PyDict_SetItem(numbers, offset, number) < 0)
            Py_CLEAR(numbers);
        Py_XDECREF(offset);
        Py_XDECREF(number);
    }
    return numbers;
}

/* The rows in order; the folded ones in their places, or before all others if they come together. */
static int
add_rows(const Scan *self, PyObject **list, PyObject *block, int together)
{
    Run run = {0};
    PyObject *process = NULL;
    run.latest = run.first = run.last = NO_TIME;
    int64_t planners = 0, before = 0, open = 0;
    if (together && add_all_folded(self, list, block) < 0)
        return -1;
    for (Py_ssize_t n = 0; n < self->count; n++) {
        const Entry *entry = &self->entries[n];
        if (entry->folded && together)
            continue;
        if (entry->folded) {
            if (!open++) {
                before = planners;
                process = entry->template->process;
            }
            planners += entry->kind == PLANNER;
            if (add_to_run(&run, entry) < 0)
                goto failed;
            continue;
        }
        if (open) {
            open = 0;
            if (append(list, run_object(self, &run, before, process, block)) < 0)
                goto failed;
        }
        planners += entry->kind == PLANNER;
        if (append(list, entry->row ? Py_NewRef(entry->row) : row_object(self, entry)) < 0)
            goto failed;
    }
    if (!open || append(list, run_object(self, &run, before, process, block)) == 0)
        return 0;
failed:
    Py_XDECREF(run.refused);
    Py_XDECREF(run.messages);
    return -1;
}

static PyObject *
rows(Scan *self, PyObject *block, int fold, const Wanted *wanted)
{
    for (Py_ssize_t n = 0; n < self->count; n++)
        self->entries[n].folded = 0;
    PyObject *folded = fold ? fold_turns(self, wanted) : Py_BuildValue("({}()()()y)", ""), *list = PyList_New(0);
    Order order = order_of(self);
    int together = is_any_order(&order, wanted);
    PyObject *numbers = together ? numbers_object(self) : Py_NewRef(Py_None);
    if (folded == NULL || list == NULL || numbers == NULL || add_rows(self, &list, block, together) < 0) {
        Py_XDECREF(folded);
        Py_XDECREF(list);
        Py_XDECREF(numbers);
        return NULL;
    }
    return Py_BuildValue("(NNLNON)", list, folded, (long long)most_open(self), numbers,
                         order.exact ? Py_True : Py_False, moment_object(order.last));
}

/* rows(block, fold, names, convs, sending, held, vouches, singly, longest, room, until, exact): a list; what
 * fold_turns tells; how many turns may be open at a time; if the folded ones come in one row, the
 * numbers of the others (numbers_object), else None; whether a folded pair shares its idem; the latest time. block stands in the rows of folded runs. */
PyObject *
Scan_rows(Scan *self, PyObject *args, PyObject *kwargs)
{
    static char *keys[] = {"block",  "fold",    "names", "convs", "sending", "held", "vouches",
                           "singly", "longest", "room",  "until", "exact",   NULL};
    PyObject *block = Py_None;
    Wanted wanted = {.vouches = Py_None};
    int fold = 0;
    long long longest = 0, room = 0, until = NO_TIME;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OpO!O!O!O!OiLLLp", keys, &block, &fold, &PyTuple_Type,
                                     &wanted.names, &PyTuple_Type, &wanted.convs, &PyTuple_Type,
                                     &wanted.sending, &PyTuple_Type, &wanted.held, &wanted.vouches,
                                     &wanted.singly, &longest, &room, &until, &wanted.exact))
        return NULL;
    if (is_busy(self))
        return NULL;
    wanted.longest = longest;
    wanted.room = room;
    wanted.until = until;
    self->busy = 1;
    PyObject *found = rows(self, block, fold, &wanted);
    self->busy = 0;
    return found;
}
