/* Forms of traces and learnt forms of lines, and matching them (kumon_observe.parsing.forms, .templates). */
#include "scan.h"

/* -- learning -------------------------------------------------------------------------------------------- */

static int
read_parts(Form *form, PyObject *parts)
{
    Py_ssize_t count = PyTuple_GET_SIZE(parts);
    for (Py_ssize_t n = 0; n < count; n++) {
        if (n > 2 * MOST_FIELDS || form->fields_count == MOST_FIELDS) {
            PyErr_SetString(PyExc_ValueError, "a form has too many fields");
            return -1;
        }
        Part *part = &form->parts[n];
        char *text;
        Py_ssize_t length;
        if (PyBytes_AsStringAndSize(PyTuple_GET_ITEM(parts, n), &text, &length) < 0)
            return -1;
        part->type = length == 1 && *text == '*' ? VALUE : length == 1 && *text == '#' ? COUNT : LITERAL;
        part->text = (Span){text, length};
        form->fields_count += part->type != LITERAL;
    }
    form->parts_count = (int)count;
    return 0;
}

static int
read_payload(Form *form, PyObject *payload)
{
    if (PyTuple_GET_SIZE(payload) != PAYLOAD || form->conv >= form->fields_count ||
        form->idem >= form->fields_count) {
        PyErr_SetString(PyExc_ValueError, "a form has four places, and fields that it names");
        return -1;
    }
    for (int n = 0; n < PAYLOAD; n++) {
        Place *place = &form->payload[n];
        PyObject *constant;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(payload, n), "ipO", &place->field, &place->known, &constant))
            return -1;
        place->constant = constant;
        if (place->field >= form->fields_count) {
            PyErr_SetString(PyExc_ValueError, "a form has no such field");
            return -1;
        }
    }
    return 0;
}

/* forms: tuples of kind, parts, conv, idem, payload, the bytes around the first bar, how many of them before. */
int
read_forms(Scan *self, PyObject *forms)
{
    if (!PyTuple_Check(forms)) {
        PyErr_SetString(PyExc_TypeError, "forms are a tuple");
        return -1;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(forms);
    self->forms = PyMem_Calloc(count, sizeof(Form));
    if (self->forms == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->forms_owner = Py_NewRef(forms);
    for (Py_ssize_t n = 0; n < count; n++) {
        Form *form = &self->forms[n];
        PyObject *parts, *payload;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(forms, n), "iO!iiO!y#i", &form->kind, &PyTuple_Type, &parts,
                              &form->conv, &form->idem, &PyTuple_Type, &payload, &form->key.start,
                              &form->key.length, &form->key_before))
            return -1;
        if (read_parts(form, parts) < 0 || read_payload(form, payload) < 0)
            return -1;
        if (form->key_before < 0 || form->key_before > form->key.length) {
            PyErr_SetString(PyExc_ValueError, "a form's key is around its first bar");
            return -1;
        }
        self->forms_count++;
    }
    return 0;
}

static PyObject *
owned(Template *template, PyObject *object)
{
    template->owned[template->owned_count++] = Py_NewRef(object);
    return object;
}

static int
read_pieces(Template *template, PyObject *pieces)
{
    Py_ssize_t count = PyTuple_GET_SIZE(pieces);
    int traces = 0;
    if (count > MOST_PIECES) {
        PyErr_SetString(PyExc_ValueError, "a form of line has too many pieces");
        return -1;
    }
    for (Py_ssize_t n = 0; n < count; n++) {
        Piece *piece = &template->pieces[n];
        PyObject *given = owned(template, PyTuple_GET_ITEM(pieces, n));
        template->pieces_count++;
        if (given == Py_None) {
            piece->type = TRACE;
            traces++;
        }
        else if (PyBytes_Check(given)) {
            piece->type = TEXT;
            piece->text = (Span){PyBytes_AS_STRING(given), PyBytes_GET_SIZE(given)};
        }
        else {
            piece->type = TIME;
            piece->base = NO_TIME;
            if (!PyArg_ParseTuple(given, "Op", &piece->minute, &piece->fraction))
                return -1;
        }
    }
    if (traces != 1) {
        PyErr_SetString(PyExc_ValueError, "a form of line has one trace");
        return -1;
    }
    return 0;
}

static void
forget(Template *template)
{
    while (template->owned_count)
        Py_DECREF(template->owned[--template->owned_count]);
    PyMem_Free(template);
}

PyObject *
Scan_learn(Scan *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"form",    "pieces",  "own",     "record",         "writer",
                            "layouts", "process", "may_repeat", "proves_repeats", NULL};
    int form, own, may_repeat, proves_repeats;
    PyObject *pieces, *record, *writer, *layouts, *process;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "iO!iOOOUpp", names, &form, &PyTuple_Type, &pieces, &own,
                                     &record, &writer, &layouts, &process, &may_repeat, &proves_repeats))
        return NULL;
    if (is_busy(self))
        return NULL;
    if (form < 0 || form >= self->forms_count) {
        PyErr_SetString(PyExc_ValueError, "there is no such form");
        return NULL;
    }
    if (self->templates_count == self->templates_room) {
        int room = self->templates_room ? self->templates_room * 2 : 16;
        Template **templates = PyMem_Realloc(self->templates, room * sizeof(Template *));
        if (templates == NULL)
            return PyErr_NoMemory();
        self->templates = templates;
        int *order = PyMem_Realloc(self->order, room * sizeof(int));
        if (order == NULL)
            return PyErr_NoMemory();
        self->order = order;
        self->templates_room = room;
    }
    Template *template = PyMem_Calloc(1, sizeof(Template));
    if (template == NULL)
        return PyErr_NoMemory();
    self->order[self->templates_count] = self->templates_count;
    self->templates[self->templates_count++] = template;
    template->form = &self->forms[form];
    template->own = own;
    template->may_repeat = may_repeat;
    template->proves_repeats = proves_repeats;
    template->record = owned(template, record);
    template->writer = owned(template, writer);
    template->layouts = owned(template, layouts);
    template->process = owned(template, process);
    if (read_pieces(template, pieces) < 0) {
        self->templates_count--;
        forget(template);
        return NULL;
    }
    Py_RETURN_NONE;
}

void
forget_templates(Scan *self)
{
    while (self->templates_count)
        forget(self->templates[--self->templates_count]);
}

/* -- matching -------------------------------------------------------------------------------------------- */

/* Printable ASCII that no layout gives a meaning to: no space, bar, quote or backslash. */
static int
is_safe(unsigned char c)
{
    return c > ' ' && c < 0x7F && c != '|' && c != '"' && c != '\\';
}

static int
is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* The end of the trace at from, NULL if it is none of this form. */
static const char *
match_form(const Form *form, const char *line, const char *from, const char *end, Field *fields)
{
    for (int n = 0; n < form->parts_count; n++) {
        const Part *part = &form->parts[n];
        const char *start = from;
        if (part->type == LITERAL) {
            if (end - from < part->text.length || memcmp(from, part->text.start, part->text.length) != 0)
                return NULL;
            from += part->text.length;
            continue;
        }
        if (part->type == VALUE)
            while (from < end && is_safe(*from))
                from++;
        else
            while (from < end && from - start < 18 && is_digit(*from))
                from++;
        if (from - line > INT32_MAX || (part->type == COUNT && from == start))
            return NULL;
        *fields++ = (Field){(int32_t)(start - line), (int32_t)(from - start)};
    }
    return from;
}

/* Microseconds at the beginning of the minute; -1 after an error in Python. */
static int
look_minute_up(Piece *piece, const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd";
    for (int n = 0; n < 16; n++) {
        int fits = shape[n] == 'd'   ? is_digit(text[n])
                   : shape[n] == 'T' ? text[n] == 'T' || text[n] == ' '
                                     : text[n] == shape[n];
        if (!fits)
            return 0;
    }
    PyObject *told = PyObject_CallFunction(piece->minute, "s#", text, (Py_ssize_t)16);
    if (told == NULL)
        return -1;
    piece->base = told == Py_None ? NO_TIME : PyLong_AsLongLong(told);
    Py_DECREF(told);
    if (piece->base == -1 && PyErr_Occurred())
        return -1;
    memcpy(piece->last, text, 16);
    return 1;
}

/* The end of the time at from, NULL if it is none; failed if Python was asked and raised. */
static const char *
match_time(Piece *piece, const char *from, const char *end, int64_t *at, int *failed)
{
    if (end - from < 20)
        return NULL;
    if (memcmp(piece->last, from, 16) != 0) {
        int known = look_minute_up(piece, from);
        *failed = known < 0;
        if (known <= 0)
            return NULL;
    }
    if (piece->base == NO_TIME || from[16] != ':' || from[17] < '0' || from[17] > '5' || !is_digit(from[18]))
        return NULL;
    *at = piece->base + ((from[17] - '0') * 10 + (from[18] - '0')) * 1000000LL;
    from += 19;
    if (!piece->fraction)
        return from;
    if (*from != '.' && *from != ',')
        return NULL;
    const char *digits = ++from;
    int64_t unit = 100000;
    while (from < end && from - digits < 9 && is_digit(*from)) {
        *at += (*from++ - '0') * unit;
        unit /= 10;
    }
    return from == digits ? NULL : from;
}

/* 1 if the line fits, 0 if not, -1 after an error in Python. */
static int
match_line(Template *template, const char *start, const char *end, Match *match)
{
    const char *from = start;
    int number = 0, failed = 0;
    match->at = NO_TIME;
    for (int n = 0; n < template->pieces_count; n++) {
        Piece *piece = &template->pieces[n];
        if (piece->type == TEXT) {
            if (end - from < piece->text.length || memcmp(from, piece->text.start, piece->text.length) != 0)
                return 0;
            from += piece->text.length;
        }
        else if (piece->type == TIME) {
            int64_t at;
            from = match_time(piece, from, end, &at, &failed);
            if (from == NULL)
                return failed ? -1 : 0;
            if (number++ == template->own)
                match->at = at;
        }
        else {
            match->message.offset = (int32_t)(from - start);
            from = match_form(template->form, start, from, end, match->fields);
            if (from == NULL)
                return 0;
            match->message.length = (int32_t)(from - start) - match->message.offset;
        }
    }
    if (from < end && *from == '\r')
        from++;
    if (from == end || *from != '\n')
        return 0;
    match->end = from + 1;
    return 1;
}

/* NULL if no template fits, or with an error set. */
Template *
find_template(Scan *self, const char *start, const char *bar, Match *match)
{
    for (int place = 0; place < self->templates_count; place++) {
        int number = self->order[place];
        Template *template = self->templates[number];
        const Form *form = template->form;
        const char *key = bar - form->key_before;
        if (key < start || self->end - key < form->key.length ||
            memcmp(key, form->key.start, form->key.length) != 0)
            continue;
        int fits = match_line(template, start, self->end, match);
        if (fits < 0)
            return NULL;
        if (!fits || match->end - start > self->limit)
            continue;
        memmove(self->order + 1, self->order, place * sizeof(int));
        self->order[0] = number;
        return template;
    }
    return NULL;
}
