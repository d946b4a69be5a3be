"""Questions about paths. Names stay as the user typed them, and nothing is raised for what may not be seen.

``pathlib`` would drop a leading ``./`` and raise for a folder without permission.
"""

from __future__ import annotations

import os


def exists(path: str) -> bool:
    """Whether *path* leads to something."""
    return os.path.exists(path)  # noqa: PTH110


def status(path: str) -> os.stat_result:
    """What *path* leads to.

    Raises:
        OSError, ValueError: it may not be seen, leads to nothing, or can be no path.
    """
    return os.stat(path)  # noqa: PTH116


def is_there(path: str) -> bool:
    """Whether *path* is a name that exists, even if it is a link that leads nowhere."""
    return os.path.lexists(path)


def is_file(path: str) -> bool:
    """Whether *path* leads to a regular file."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str) -> bool:
    """Whether *path* leads to a folder."""
    return os.path.isdir(path)  # noqa: PTH112


def target(path: str) -> str:
    """What *path* leads to if it is a link, else *path* itself."""
    return os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114


def inside(folder: str, name: str) -> str:
    """The path of *name* in *folder* (empty: where we are)."""
    return os.path.join(folder, name)  # noqa: PTH118


def split(path: str) -> tuple[str, str]:
    """The folder, which may be empty, and the name."""
    return os.path.split(path)


def is_pattern(path: str) -> bool:
    """Whether *path* has what a shell's glob pattern has."""
    return any(sign in path for sign in "*?[")


def matching(pattern: str) -> list[str]:
    """The paths that a shell's glob *pattern* (``**`` too) stands for, sorted."""
    import glob

    try:
        return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    except ValueError:  # a NUL character
        return []
