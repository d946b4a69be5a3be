from __future__ import annotations

import re
import tomllib
from pathlib import Path

from kumon_observe.config.load import load_settings
from kumon_observe.config.meanings import MEANINGS
from kumon_observe.config.options import described, dotted, options
from kumon_observe.config.rules import RULES
from kumon_observe.config.settings import Settings
from kumon_observe.config.show import report
from kumon_observe.config.template import template
from kumon_observe.config.watching import JOBS

OPTION = re.compile(r"^# (?=[a-z_0-9]+ = )", re.MULTILINE)


def test_the_template_is_accepted_as_it_is_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(template(), encoding="utf-8")
    loaded = load_settings(environ={}, cwd=tmp_path)
    assert loaded.settings == Settings()
    assert {str(origin) for origin in loaded.origins.values()} == {"default"}


def test_every_option_stands_in_the_template_with_its_default(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(OPTION.sub("", template()), encoding="utf-8")
    loaded = load_settings(environ={}, cwd=tmp_path)
    assert loaded.settings == Settings()
    by_default = {key for key, origin in loaded.origins.items() if origin.kind == "default"}
    assert {key.split(".")[0] for key in by_default} == {"rules", "jobs"}
    values = {value.key: value for value in report(loaded).values}
    assert not by_default & set(values), "only what differs from other tables of its kind is left out"


def test_every_option_has_one_line_of_meaning_where_it_is_first_shown() -> None:
    assert list(MEANINGS) == [dotted(path) for path in described()]
    blocks = template().split("\n\n")
    shown = [block.split("\n")[:2] for block in blocks if re.match("# .*\n# [a-z_0-9]+ = ", block)]
    assert [above for above, _ in shown] == [f"# {meaning}" for meaning in MEANINGS.values()]
    for key, (_, option) in zip(MEANINGS, shown, strict=True):
        assert option.startswith(f"# {key.rpartition('.')[2]} = ")


def test_the_template_fits_a_usual_screen_and_names_every_table() -> None:
    assert max(map(len, template().splitlines())) <= 110
    tables = tomllib.loads(template())
    assert set(tables["rules"]) == set(RULES)
    assert set(tables["jobs"]) == set(JOBS)
    assert set(tables["routes"]) == {"slack"}
    assert set(tables) == {path[0] for path in options() if len(path) > 1} | {"routes"}
