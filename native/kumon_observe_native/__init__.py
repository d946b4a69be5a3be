"""The compiled scan of kumon-observe; nothing here is for direct use."""

from kumon_observe_native._scan import Scan

INTERFACE = 4
"""Which calls the scan understands; kumon-observe leaves one alone that has another number."""

__all__ = ["INTERFACE", "Scan"]
