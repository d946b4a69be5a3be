/* The scan of one block at a time: finds lines that may hold a trace, reads those of a learnt form, and folds
 * the traces of settled turns into their sums. What it cannot tell it leaves to Python, line by line.
 *
 * It must say what kumon_observe's own Scanner says; tests/laws hold the two equal.
 */
#include "scan.h"

#include <errno.h>

/* -- one block ------------------------------------------------------------------------------------------- */

int
is_busy(Scan *self)
{
    if (self->busy)
        PyErr_SetString(PyExc_RuntimeError, "the scan is at work: what it calls must not call it");
    return self->busy;
}

static void
forget_bytes(Scan *self)
{
    if (self->block.obj != NULL)
        PyBuffer_Release(&self->block);
    self->data = self->end = NULL;
}

static void
forget_block(Scan *self)
{
    for (Py_ssize_t n = 0; n < self->count; n++)
        Py_CLEAR(self->entries[n].row);
    self->count = self->kept_count = 0;
    self->kept_pieces = 0;
    forget_bytes(self);
}

/* Room for so many bytes, apart from all that is kept; NULL without memory. */
static char *
room_for(Scan *self, Py_ssize_t length)
{
    if (self->kept_pieces == self->kept_made) {
        Lines *kept = PyMem_Realloc(self->kept, (self->kept_made + 1) * sizeof(Lines));
        if (kept == NULL)
            return NULL;
        self->kept = kept;
        self->kept[self->kept_made++] = (Lines){NULL, 0};
    }
    Lines *lines = &self->kept[self->kept_pieces];
    if (lines->room < length) {
        char *text = PyMem_Realloc(lines->text, length);
        if (text == NULL)
            return NULL;
        *lines = (Lines){text, length};
    }
    self->kept_pieces++;
    return lines->text;
}

/* Keeps the lines of the traces, so that the block's bytes may go. */
static int
keep_lines(Scan *self)
{
    Py_ssize_t length = 1; /* so that there is always something to get */
    for (Py_ssize_t n = self->kept_count; n < self->count; n++)
        length += self->entries[n].row ? 0 : self->entries[n].length;
    char *free = room_for(self, length);
    if (free == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (; self->kept_count < self->count; self->kept_count++) {
        Entry *entry = &self->entries[self->kept_count];
        if (entry->row)
            continue;
        entry->start = memcpy(free, entry->start, entry->length);
        free += entry->length;
    }
    return 0;
}

static void
begin_block(Scan *self, const char *data, Py_ssize_t length, int64_t offset, int64_t line)
{
    self->data = self->counted = data;
    self->end = data + length;
    self->offset = offset;
    self->line = self->counted_line = line;
    self->hint = 0;
    self->traces = self->duplicates = 0;
    self->first = self->last = NO_TIME;
    for (int n = 0; n < self->templates_count; n++)
        self->templates[n]->used = 0;
}

static PyObject *
Scan_begin(Scan *self, PyObject *args)
{
    Py_buffer block;
    long long offset, line;
    if (is_busy(self))
        return NULL;
    if (!PyArg_ParseTuple(args, "y*LL", &block, &offset, &line))
        return NULL;
    forget_block(self);
    self->block = block;
    if (!look_at(&self->chunk, block.buf, block.len))
        return PyErr_NoMemory();
    self->begun = offset;
    begin_block(self, block.buf, block.len, offset, line);
    Py_RETURN_NONE;
}

static PyObject *
Scan_load(Scan *self, PyObject *args)
{
    int fd, goes_on, ahead;
    long long offset, until, line;
    Py_ssize_t room;
    if (is_busy(self))
        return NULL;
    if (!PyArg_ParseTuple(args, "iLLnLpp", &fd, &offset, &until, &room, &line, &goes_on, &ahead))
        return NULL;
    if (room < 0 || until < offset) {
        PyErr_SetString(PyExc_ValueError, "a length is not negative");
        return NULL;
    }
    if (goes_on && keep_lines(self) < 0)
        return NULL;
    if (!goes_on) {
        forget_block(self);
        self->begun = offset;
    }
    forget_bytes(self);
    self->busy = 1; /* another thread of Python may run meanwhile */
    int error = read_chunk(self, fd, offset, until, room, ahead);
    self->busy = 0;
    if (error == ENOMEM)
        return PyErr_NoMemory();
    if (error) {
        errno = error;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    begin_block(self, self->chunk.text, self->chunk.whole, offset, line);
    return Py_BuildValue("(nn)", self->chunk.whole, self->chunk.got);
}

static PyObject *
Scan_raw(Scan *self, PyObject *arg)
{
    Py_ssize_t start = PyLong_AsSsize_t(arg);
    if (start == -1 && PyErr_Occurred())
        return NULL;
    if (start < 0 || start >= self->end - self->data) {
        PyErr_SetString(PyExc_ValueError, "no line begins there");
        return NULL;
    }
    const char *line = self->data + start, *newline = memchr(line, '\n', self->end - line);
    if (newline == NULL) {
        PyErr_SetString(PyExc_ValueError, "the line has no end");
        return NULL;
    }
    Py_ssize_t length = newline - line - (newline > line && newline[-1] == '\r');
    return Py_BuildValue("(y#n)", line, length, newline + 1 - self->data);
}

static PyObject *
Scan_lines_over(Scan *self, PyObject *arg)
{
    Py_ssize_t limit = PyLong_AsSsize_t(arg);
    if (limit == -1 && PyErr_Occurred())
        return NULL;
    PyObject *found = PyList_New(0);
    const char *start = self->data;
    while (found != NULL && self->end - start > limit) {
        const char *newline = memrchr(start, '\n', limit + 1);
        if (newline == NULL) {
            newline = memchr(start + limit, '\n', self->end - start - limit);
            if (newline == NULL)
                break;
            PyObject *line = Py_BuildValue("(nnL)", start - self->data, newline - start,
                                           (long long)(self->line + newlines(self->data, start)));
            if (line == NULL || PyList_Append(found, line) < 0)
                Py_CLEAR(found);
            Py_XDECREF(line);
        }
        start = newline + 1;
    }
    return found;
}

static PyObject *
Scan_text(Scan *self, PyObject *Py_UNUSED(ignored))
{
    return PyBytes_FromStringAndSize(self->data, self->end - self->data);
}

static PyObject *
Scan_count_of(Scan *self, PyObject *arg)
{
    char *part;
    Py_ssize_t length, found = 0;
    if (PyBytes_AsStringAndSize(arg, &part, &length) < 0)
        return NULL;
    const char *at = self->data;
    while (length > 0 && at < self->end && (at = memmem(at, self->end - at, part, length)) != NULL) {
        found++;
        at += length;
    }
    return PyLong_FromSsize_t(found);
}

static PyObject *
Scan_holds(Scan *self, PyObject *arg)
{
    char *part;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(arg, &part, &length) < 0)
        return NULL;
    if (length == sizeof(DOCKER) - 1 && memcmp(part, DOCKER, length) == 0)
        return PyBool_FromLong(self->chunk.survey.docker); /* known from reading */
    return PyBool_FromLong(memmem(self->data, self->end - self->data, part, length) != NULL);
}

static PyObject *
Scan_undecodable(Scan *self, void *Py_UNUSED(closure))
{
    int64_t found = 0;
    for (const char *line = self->data; self->chunk.survey.not_utf8 && line < self->end;) {
        const char *newline = memchr(line, '\n', self->end - line);
        const char *stop = newline == NULL ? self->end : newline;
        found += !valid_utf8(line, stop - line);
        line = stop + 1;
    }
    return PyLong_FromLongLong(found);
}

static PyObject *
Scan_lines(Scan *self, void *Py_UNUSED(closure))
{
    return PyLong_FromLongLong(self->chunk.survey.lines);
}

static PyObject *
Scan_first_line(Scan *self, void *Py_UNUSED(closure))
{
    return PyLong_FromLongLong(self->line);
}

static PyObject *
Scan_size(Scan *self, void *Py_UNUSED(closure))
{
    return PyLong_FromSsize_t(self->end - self->data);
}

static PyObject *
Scan_traces(Scan *self, void *Py_UNUSED(closure))
{
    return PyLong_FromSsize_t(self->count);
}

static PyObject *
Scan_line_of(Scan *self, PyObject *arg)
{
    Py_ssize_t start = PyLong_AsSsize_t(arg);
    if (start == -1 && PyErr_Occurred())
        return NULL;
    const char *place = self->data + start;
    if (place < self->counted || place > self->end) {
        PyErr_SetString(PyExc_ValueError, "lines are asked for in rising order");
        return NULL;
    }
    self->counted_line += newlines(self->counted, place);
    self->counted = place;
    return PyLong_FromLongLong(self->counted_line);
}

static Entry *
new_entry(Scan *self)
{
    if (self->count == self->room) {
        Py_ssize_t room = self->room ? self->room * 2 : 1024;
        Entry *entries = PyMem_Realloc(self->entries, room * sizeof(Entry));
        if (entries == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        self->entries = entries;
        self->room = room;
    }
    Entry *entry = &self->entries[self->count++];
    memset(entry, 0, sizeof(Entry));
    entry->slot = entry->next = -1;
    entry->instance = NO_INSTANCE;
    return entry;
}

/* Whether the record directly before was the same one, written by another handler; notes this one. */
static int
repeats(Scan *self, const Template *template, int64_t at, Span message, int64_t start, int64_t end)
{
    Previous *before = &self->previous;
    int same = before->end == start && before->at == at && before->length == message.length &&
               memcmp(before->message, message.start, message.length) == 0;
    if (same && before->record != template->record) {
        int equal = PyObject_RichCompareBool(before->writer, template->writer, Py_EQ);
        if (equal < 0)
            return -1;
        same = equal;
    }
    if (note_previous(before, end, at, message, template->record, template->writer) < 0)
        return -1;
    return same && template->proves_repeats;
}

static int
take_line(Scan *self, Template *template, const Match *match, const char *start, int64_t number)
{
    int64_t begin = self->offset + (start - self->data), end = self->offset + (match->end - self->data);
    if (template->may_repeat) {
        Span message = {start + match->message.offset, match->message.length};
        int again = repeats(self, template, match->at, message, begin, end);
        if (again < 0)
            return -1;
        if (again) {
            self->duplicates++;
            return 0;
        }
    }
    Entry *entry = new_entry(self);
    if (entry == NULL)
        return -1;
    entry->template = template;
    entry->kind = template->form->kind;
    entry->at = match->at;
    entry->start = start;
    entry->offset = begin;
    entry->number = number;
    entry->length = (int32_t)(match->end - start - (match->end[-2] == '\r' ? 2 : 1));
    entry->message = match->message;
    memcpy(entry->fields, match->fields, sizeof(Field) * template->form->fields_count);
    template->used++;
    self->traces++;
    if (match->at != NO_TIME) {
        if (self->first == NO_TIME || match->at < self->first)
            self->first = match->at;
        if (self->last == NO_TIME || match->at > self->last)
            self->last = match->at;
    }
    return 0;
}

static PyObject *
run(Scan *self, Py_ssize_t from)
{
    const char *done = self->data + from;
    for (; self->hint < self->chunk.hints_count; self->hint++) {
        const Hint *hint = &self->chunk.hints[self->hint];
        const char *bar = self->data + hint->place;
        if (bar < done)
            continue; /* in a line that is read already */
        const char *start = line_start(done, bar);
        Match match;
        Template *template = find_template(self, start, bar, &match);
        if (template == NULL) {
            if (PyErr_Occurred())
                return NULL;
            return PyLong_FromSsize_t(start - self->data);
        }
        if (take_line(self, template, &match, start, self->line + hint->lines) < 0)
            return NULL;
        done = match.end;
    }
    return PyLong_FromSsize_t(self->end - self->data);
}

static PyObject *
Scan_run(Scan *self, PyObject *arg)
{
    Py_ssize_t from = PyLong_AsSsize_t(arg);
    if ((from == -1 && PyErr_Occurred()) || is_busy(self))
        return NULL;
    if (from < 0 || from > self->end - self->data) {
        PyErr_SetString(PyExc_ValueError, "no line of the block begins there");
        return NULL;
    }
    self->busy = 1;
    PyObject *found = run(self, from);
    self->busy = 0;
    return found;
}

static PyObject *
Scan_add(Scan *self, PyObject *row)
{
    if (is_busy(self))
        return NULL;
    if (!PyTuple_Check(row) || PyTuple_GET_SIZE(row) != ROW_LENGTH) {
        PyErr_SetString(PyExc_TypeError, "a row is a tuple of 14");
        return NULL;
    }
    long kind = PyLong_AsLong(PyTuple_GET_ITEM(row, 0));
    if (kind == -1 && PyErr_Occurred())
        return NULL;
    PyObject *at = PyTuple_GET_ITEM(row, 1);
    int64_t moment = at == Py_None ? NO_TIME : PyLong_AsLongLong(at);
    if (moment == -1 && PyErr_Occurred())
        return NULL;
    Entry *entry = new_entry(self);
    if (entry == NULL)
        return NULL;
    entry->kind = (int)kind;
    entry->at = moment;
    entry->row = Py_NewRef(row);
    Py_RETURN_NONE;
}

/* -- what was read -------------------------------------------------------------------------------------- */

static PyObject *
Scan_tally(Scan *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *forms = PyList_New(0);
    if (forms == NULL)
        return NULL;
    for (int n = 0; n < self->templates_count; n++) {
        Template *template = self->templates[n];
        if (template->used == 0)
            continue;
        PyObject *pair = Py_BuildValue("(OL)", template->layouts, (long long)template->used);
        if (pair == NULL || PyList_Append(forms, pair) < 0) {
            Py_XDECREF(pair);
            Py_DECREF(forms);
            return NULL;
        }
        Py_DECREF(pair);
        template->used = 0;
    }
    PyObject *first = moment_object(self->first), *last = moment_object(self->last);
    PyObject *found = Py_BuildValue("(LLNNN)", (long long)self->traces, (long long)self->duplicates, forms,
                                    first, last);
    self->traces = self->duplicates = 0;
    return found;
}

static PyObject *
Scan_get_previous(Scan *self, void *Py_UNUSED(closure))
{
    const Previous *before = &self->previous;
    PyObject *message = PyUnicode_DecodeUTF8(before->message, before->length, "surrogatepass");
    return Py_BuildValue("(LNNO)", (long long)before->end, moment_object(before->at), message,
                         before->record ? before->record : Py_None);
}

static int
Scan_set_previous(Scan *self, PyObject *value, void *Py_UNUSED(closure))
{
    long long end;
    PyObject *at, *record, *writer;
    const char *text;
    Py_ssize_t length;
    if (value == NULL || !PyArg_ParseTuple(value, "LOy#OO", &end, &at, &text, &length, &record, &writer)) {
        if (value == NULL)
            PyErr_SetString(PyExc_AttributeError, "the previous record cannot be deleted");
        return -1;
    }
    int64_t moment = at == Py_None ? NO_TIME : PyLong_AsLongLong(at);
    if (moment == -1 && PyErr_Occurred())
        return -1;
    return note_previous(&self->previous, end, moment, (Span){text, length}, record, writer);
}

/* -- the type -------------------------------------------------------------------------------------------- */

static int
Scan_init(Scan *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"forms", "fold", "source", "keep_text", "limit", NULL};
    PyObject *forms, *fold;
    long long source, limit;
    int keep_text;
    if (self->forms != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a scan is made once");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOLpL", names, &forms, &fold, &source, &keep_text, &limit))
        return -1;
    self->previous.end = -1;
    self->previous.at = NO_TIME;
    self->source = source;
    self->keep_text = keep_text;
    self->limit = limit;
    Py_XSETREF(self->fold, Py_NewRef(fold));
    return read_forms(self, forms);
}

static int
Scan_traverse(Scan *self, visitproc visit, void *arg)
{
    Py_VISIT(self->fold);
    Py_VISIT(self->forms_owner);
    Py_VISIT(self->previous.record);
    Py_VISIT(self->previous.writer);
    for (int n = 0; n < self->templates_count; n++)
        for (int part = 0; part < self->templates[n]->owned_count; part++)
            Py_VISIT(self->templates[n]->owned[part]);
    for (Py_ssize_t n = 0; n < self->count; n++)
        Py_VISIT(self->entries[n].row);
    return 0;
}

static int
Scan_clear(Scan *self)
{
    forget_block(self);
    Py_CLEAR(self->fold);
    Py_CLEAR(self->forms_owner);
    Py_CLEAR(self->previous.record);
    Py_CLEAR(self->previous.writer);
    forget_templates(self);
    return 0;
}

static void
Scan_dealloc(Scan *self)
{
    PyObject_GC_UnTrack(self);
    Scan_clear(self);
    PyMem_Free(self->entries);
    while (self->kept_made > 0)
        PyMem_Free(self->kept[--self->kept_made].text);
    PyMem_Free(self->kept);
    PyMem_Free(self->forms);
    PyMem_Free(self->templates);
    PyMem_Free(self->order);
    PyMem_Free(self->previous.message);
    end_ahead(self);
    free_chunk(&self->chunk);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef Scan_methods[] = {
    {"learn", (PyCFunction)(void (*)(void))Scan_learn, METH_VARARGS | METH_KEYWORDS,
     "Know one more form of line."},
    {"begin", (PyCFunction)Scan_begin, METH_VARARGS, "Begin a block of whole lines at an offset and a line."},
    {"load", (PyCFunction)Scan_load, METH_VARARGS,
     "Begin a block with the whole lines of a file's bytes, or go on with it so; how many bytes these have, and\n"
     "how many were read."},
    {"raw", (PyCFunction)Scan_raw, METH_O, "A line without its end, and where the next one begins."},
    {"lines_over", (PyCFunction)Scan_lines_over, METH_O, "The lines that are longer: start, length, number."},
    {"text", (PyCFunction)Scan_text, METH_NOARGS, "The block's bytes."},
    {"holds", (PyCFunction)Scan_holds, METH_O, "Whether the block holds some bytes."},
    {"count_of", (PyCFunction)Scan_count_of, METH_O, "How often the block holds some bytes."},
    {"run", (PyCFunction)Scan_run, METH_O,
     "Read usual lines from a place on; where the first line begins that is not usual, or the block's end."},
    {"add", (PyCFunction)Scan_add, METH_O, "A row that was read elsewhere stands here."},
    {"line_of", (PyCFunction)Scan_line_of, METH_O, "The number of the line that begins at a place."},
    {"tally", (PyCFunction)Scan_tally, METH_NOARGS, "Traces, duplicates, layouts and times since the last call."},
    {"rows", (PyCFunction)(void (*)(void))Scan_rows, METH_VARARGS | METH_KEYWORDS,
     "The rows of the block in order, settled turns folded."},
    {NULL},
};

static PyGetSetDef Scan_getset[] = {
    {"size", (getter)Scan_size, NULL, "How many bytes there are now.", NULL},
    {"traces", (getter)Scan_traces, NULL, "How many traces the block has so far.", NULL},
    {"first_line", (getter)Scan_first_line, NULL, "The number of the block's first line.", NULL},
    {"lines", (getter)Scan_lines, NULL, "How many lines the block has.", NULL},
    {"undecodable", (getter)Scan_undecodable, NULL, "How many lines are not UTF-8.", NULL},
    {"previous", (getter)Scan_get_previous, (setter)Scan_set_previous, "The record read last.", NULL},
    {NULL},
};

static PyTypeObject ScanType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "kumon_observe_native.Scan",
    .tp_basicsize = sizeof(Scan),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "The scan of one source, block by block.",
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Scan_init,
    .tp_dealloc = (destructor)Scan_dealloc,
    .tp_traverse = (traverseproc)Scan_traverse,
    .tp_clear = (inquiry)Scan_clear,
    .tp_methods = Scan_methods,
    .tp_getset = Scan_getset,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "kumon_observe_native._scan",
    .m_doc = "The compiled scan of kumon-observe.",
    .m_size = -1,
};

PyMODINIT_FUNC
PyInit__scan(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made == NULL)
        return NULL;
    if (PyModule_AddType(made, &ScanType) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
