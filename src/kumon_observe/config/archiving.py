"""How logs are archived: ``[archive]``."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from kumon_observe.config.table import ANY_COUNT, Table


@frozen(kw_only=True, eq=False, repr=False)
class ArchiveSettings(Table):
    """``[archive]``.

    Attributes:
        directory: the folder of archived logs; empty: the log's own, where
            ``--rotated`` looks for them.
        compression: ``gzip`` or ``zstd``.
        keep_days: older archives are deleted; 0: none.
        keep_bytes: the oldest archives are deleted while all of them are larger; 0: none.
        least_free: bytes that must stay free on the disk.
    """

    directory: str = ""
    compression: Literal["gzip", "zstd"] = "gzip"
    keep_days: int = field(default=0, validator=ANY_COUNT)
    keep_bytes: int = field(default=0, validator=ANY_COUNT)
    least_free: int = field(default=100 << 20, validator=ANY_COUNT)
