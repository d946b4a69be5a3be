"""What people call the severities."""

from __future__ import annotations

from typing import Final

from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Severity

SEVERITIES: Final = {
    Severity.INFO: phrase("info"),
    Severity.MODERATE: phrase("moderate"),
    Severity.HIGH: phrase("high"),
    Severity.CRITICAL: phrase("critical"),
}
"""Each in a word, for the middle of a sentence."""
