"""Exit codes beside those of statuses (0 ok, 1 warning, 2 critical, 3 unknown): those of BSD's sysexits.

4 is for a verdict that stands while an alert could not be delivered (TRACES section 3).
"""

from __future__ import annotations

from typing import Final

UNDELIVERED: Final = 4
USAGE: Final = 64
UNAVAILABLE: Final = 69
SOFTWARE: Final = 70
CANNOT_CREATE: Final = 73
IO_ERROR: Final = 74
TEMPORARY: Final = 75
CONFIG: Final = 78
INTERRUPTED: Final = 130
