"""Writes ``examples/scenarios`` anew."""

from tests.labelled.files import write

write()
