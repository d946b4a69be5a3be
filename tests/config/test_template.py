from __future__ import annotations

import re
import tomllib
from pathlib import Path

from kumon_observe.config.load import load_settings
from kumon_observe.config.options import dotted, options
from kumon_observe.config.settings import Settings
from kumon_observe.config.template import MEANINGS, template

OPTION = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)


def test_the_template_is_accepted_as_it_is_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(template(), encoding="utf-8")
    loaded = load_settings(environ={}, cwd=tmp_path)
    assert loaded.settings == Settings()
    assert {str(origin) for origin in loaded.origins.values()} == {"default"}


def test_every_option_stands_in_the_template_with_its_default(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(OPTION.sub("", template()), encoding="utf-8")
    loaded = load_settings(environ={}, cwd=tmp_path)
    assert loaded.settings == Settings()
    assert {origin.kind for origin in loaded.origins.values()} == {"file"}


def test_every_option_has_one_line_of_meaning_and_no_other_does() -> None:
    assert list(MEANINGS) == [dotted(path) for path in options()]
    lines = template().splitlines()
    for key, meaning in MEANINGS.items():
        above = lines[lines.index(f"# {meaning}") + 1]
        assert above.startswith(f"# {key.rpartition('.')[2]} = ")


def test_the_template_fits_a_usual_screen() -> None:
    assert max(map(len, template().splitlines())) <= 110
    assert tomllib.loads(template()) == {
        "checks": {name: {} for name in ("handoff", "instances", "delivery", "consistency")},
        "plugins": {},
        "sealing": {},
    }
