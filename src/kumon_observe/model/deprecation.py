"""Public names on their way out: they still work, and where they are used a warning says what to use.

Each use warns with a ``DeprecationWarning`` at the place that uses the name, which Python's default filter
shows once for each such place. When a name may go, docs/versioning.md says.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen, validators

FORM: Final = re.compile(
    r"(?P<what>.+) is deprecated: use (?P<instead>.+) instead; kumon-observe (?P<drops>\d+\.\d+) drops it"
)
"""What such a warning says: what is deprecated, what to use, and the release that drops it."""

if TYPE_CHECKING:
    # Type checkers know this decorator (PEP 702) and tell whoever uses what it marks.
    from typing_extensions import deprecated as deprecated  # noqa: PLC0414 - other modules take it from here
else:

    def deprecated(message):
        """Mark a function, a method or a class as deprecated; *message* is a literal in the :data:`FORM`.

        Type checkers take it for ``typing_extensions.deprecated``, which it is but for the check of the form.

        Raises:
            ValueError: *message* does not say all that it has to say.
        """
        from typing_extensions import deprecated as marked

        if FORM.fullmatch(message) is None:
            raise ValueError(
                f"{message!r} does not tell what to do: write 'NAME is deprecated: use OTHER instead; "
                "kumon-observe 1.0 drops it'"
            )
        return marked(message)


@frozen
class Deprecated:
    """What became of a name of a module.

    Attributes:
        instead: the full address of what to use (``kumon_observe.analyze``), which the old name still gives.
        drops: the release that drops the old name, as in ``1.0``.
    """

    instead: str = field(validator=validators.matches_re(r"\w+(\.\w+)+"))
    drops: str = field(validator=validators.matches_re(r"\d+\.\d+"))


def deprecated_name(module: str, name: str, names: Mapping[str, Deprecated]) -> Any:
    """What a deprecated *name* of *module* stands for, with a warning: for the ``__getattr__`` of the module.

    The module must not keep what it gets, or only the first use would warn.

    Raises:
        AttributeError: *name* is none of *names*.
    """
    gone = names.get(name)
    if gone is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    warn_deprecated(f"{module}.{name}", instead=gone.instead, drops=gone.drops, stacklevel=3)
    home, _, present = gone.instead.rpartition(".")
    return getattr(import_module(home), present)


def warn_deprecated(what: str, *, instead: str, drops: str, stacklevel: int = 2) -> None:
    """Warn that *what* is deprecated, an argument for example; *drops* is the release that drops it.

    ``stacklevel`` says whose use it is: 1 this function's caller, 2 the caller of that one.
    """
    said = f"{what} is deprecated: use {instead} instead; kumon-observe {drops} drops it"
    warnings.warn(said, DeprecationWarning, stacklevel=stacklevel + 1)
