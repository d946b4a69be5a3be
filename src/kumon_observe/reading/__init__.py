"""Bytes of logs: files, rotated siblings, compressed files, archives, standard input and FIFOs.

:func:`open_sources` turns what a user names into chains of files; nothing here knows what a record is.
"""

from __future__ import annotations

from kumon_observe.reading.logfile import Chain, LogFile
from kumon_observe.reading.sources import open_sources

__all__ = ["Chain", "LogFile", "open_sources"]
