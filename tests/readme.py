"""What the README's commands print. ``python -m tests.readme`` (or ``make readme``) writes it there anew."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.shell import ROOT, comparable, run

README = ROOT / "README.md"
_BLOCK = re.compile(r"(?<=^```console\n)\$ (.+)\n((?:.*\n)*?)(?=^```$)", re.MULTILINE)


def shown() -> dict[str, str]:
    """The commands of the README with the output that it shows."""
    return {match[1]: match[2] for match in _BLOCK.finditer(README.read_text(encoding="utf-8"))}


def printed(command: str, state: Path) -> str:
    """What *command* prints now."""
    return run(command, state).stdout.rstrip() + "\n"


def main() -> None:
    """Put what the commands print now into the README, where it says something else."""
    with tempfile.TemporaryDirectory() as state:

        def renewed(match: re.Match[str]) -> str:
            output = printed(match[1], Path(state))
            return match[0] if comparable(output) == comparable(match[2]) else f"$ {match[1]}\n{output}"

        text = _BLOCK.sub(renewed, README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
