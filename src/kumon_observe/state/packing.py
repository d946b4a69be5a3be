"""JSON values as the bytes that are kept of them."""

from __future__ import annotations

import json
from typing import Any, Final

_MOST: Final = 256 << 20


def packed(value: Any) -> bytes:
    """*value* as few bytes.

    Raises:
        RecursionError, TypeError, ValueError: it is no JSON.
    """
    import zlib

    return zlib.compress(json.dumps(value, separators=(",", ":"), check_circular=False).encode(), 1)


def unpacked(value: bytes, form: int) -> dict[str, Any]:
    """What :func:`packed` was given; its member ``form`` must be *form*.

    Raises:
        KeyError, TypeError, ValueError: it is damaged, or of another release.
    """
    import zlib

    unpack = zlib.decompressobj()
    try:
        saved = json.loads(unpack.decompress(value, _MOST))
    except zlib.error as error:
        raise ValueError("it was not packed by this release") from error
    if not unpack.eof or saved["form"] != form:
        raise ValueError("it was not written by this release")
    return saved  # type: ignore[no-any-return]
