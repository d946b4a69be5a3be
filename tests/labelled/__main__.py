"""Writes ``examples/scenarios`` and what docs/backtest.md shows of it anew."""

from tests.labelled import files, page

files.write()
page.write()
