"""What is public is documented, and what the documents show is what happens."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import kumon_observe
from kumon_observe.cli import exits, table
from kumon_observe.cli.options import Option
from kumon_observe.cli.program import Program
from kumon_observe.config.load import load_settings
from kumon_observe.config.options import described, dotted
from kumon_observe.config.rules import RULES
from kumon_observe.config.settings import Settings
from kumon_observe.config.template import written
from kumon_observe.config.watching import JOBS
from kumon_observe.model.schema import SCHEMAS, load_schema
from kumon_observe.plugins.registry import Registry
from tests import readme
from tests.shell import ROOT, comparable, run

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
COMMON = {name for option in table.COMMON for name in option.names} | {"--version"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of *language* in a Markdown file."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables in *text*: every name in the first column with the other columns."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)][1:-1]
        if len(cells) > 1:
            for name in re.findall(r"`([^`]+)`", cells[0]):
                found[name.split("(")[0].split(" ")[0].replace("\\", "")] = cells[1:]
    return found


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    program = Program(table.PROGRAM)
    context = click.Context(program)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", inner) for word, inner in command.commands.items())
            if command.invoke_without_command:
                yield name, command
        elif command is not None:
            yield name, command


def own_options(command: click.Command) -> set[str]:
    """The options of *command* that are not common ones."""
    own = (
        option
        for option in command.params
        if isinstance(option, Option) and not COMMON.issuperset(option.opts)
    )
    return {name for option in own for name in option.opts}


def sections() -> dict[str, str]:
    """The parts of the page about the command line, by the command in their heading."""
    parts = re.split(r"^### `(.+)`$", page("command-line.md"), flags=re.MULTILINE)[1:]
    return {
        name: re.split(r"^## ", text, flags=re.MULTILINE)[0]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_public_name_is_documented() -> None:
    assert set(kumon_observe.__all__) <= set(rows(page("reference.md")))


def test_every_command_has_its_section_with_its_own_options() -> None:
    documented = {
        name: set(re.findall(r"^- `(--[a-z-]+)", text, re.MULTILINE)) for name, text in sections().items()
    }
    long = {
        name: {option for option in own_options(command) if option.startswith("--")}
        for name, command in commands()
    }
    assert documented == long


def test_commands_stand_in_the_order_in_which_help_lists_them() -> None:
    text = page("command-line.md")
    named = [re.match(r"[a-z]+", name) for name in re.findall(r"^### `(.+)`$", text, re.MULTILINE)]
    assert list(dict.fromkeys(found[0] for found in named if found)) == list(table.COMMANDS)
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert titles[: len(table.SECTIONS)] == [title for title, _ in table.SECTIONS]


def test_short_options_are_documented_beside_the_long_ones() -> None:
    for name, command in commands():
        for option in own_options(command):
            assert f"`{option}" in sections()[name], (name, option)


def test_common_options_are_documented() -> None:
    documented = rows(page("command-line.md").partition("## Common options")[2])
    assert {name for name in documented if name.startswith("-")} == COMMON


def test_exit_codes_are_documented() -> None:
    text = page("command-line.md").partition("## Exit codes")[2]
    listed = set(map(int, re.findall(r"^\| (\d+) \|", text, re.MULTILINE)))
    assert listed == {0, 1, 2, 3} | {code for code in vars(exits).values() if isinstance(code, int)}


def test_every_option_of_the_configuration_is_documented_with_its_default() -> None:
    documented = {name: cells[0].strip("`") for name, cells in rows(page("configuration.md")).items()}
    assert documented == {dotted(path): written(field.default) for path, field in described().items()}


def test_the_tables_with_names_are_documented_as_they_are_by_default(tmp_path: Path) -> None:
    (shown,) = [
        block for block in blocks(DOCS / "configuration.md", "toml") if block.startswith("# defaults")
    ]
    tables = tomllib.loads(shown)
    assert (set(tables["rules"]), set(tables["jobs"])) == (set(RULES), set(JOBS))
    (tmp_path / "kumon-observe.toml").write_text(shown)
    assert load_settings(environ={}, cwd=tmp_path).settings == Settings()


def test_every_schema_is_documented_with_its_members() -> None:
    documented = {
        name: set(re.findall(r"`(\w+)`", cells[1]))
        for name, cells in rows(page("json.md")).items()
        if name in SCHEMAS
    }
    assert documented == {name: set(load_schema(name)["properties"]) - {"schema"} for name in SCHEMAS}


def test_what_is_built_in_is_documented() -> None:
    registry = Registry.load(Settings(), entry_points=False)
    headings = set(re.findall(r"^## \d+\. `(\w+)`", page("traces.md"), re.MULTILINE))
    assert headings == {check.name for check in registry.checks()}
    layouts = rows(page("traces.md").partition("## 2.")[2].partition("### ")[0])
    assert set(layouts) == {parser.name for parser in registry.parsers()}
    for name in [*headings, *(sink.name for sink in registry.sinks())]:
        assert f"`{name}`" in page("reference.md")


def test_every_room_stands_in_the_architecture() -> None:
    package = ROOT / "src" / "kumon_observe"
    rooms = {
        path.stem for path in package.iterdir() if not path.name.startswith("_") and path.name != "py.typed"
    }
    assert set(rows(page("architecture.md"))) == rooms - {"hookspecs"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("command", readme.shown())
def test_the_readme_shows_what_its_commands_print(command: str, tmp_path: Path) -> None:
    assert comparable(readme.printed(command, tmp_path)) == comparable(readme.shown()[command])


def programs() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for number, block in enumerate(blocks(path, "python"), start=1):
            named = re.match(r"# (\w+\.py)\n", block)
            yield named[1] if named else f"{path.stem.replace('-', '_').lower()}_{number}.py", block


@pytest.mark.parametrize("name", [name for name, _ in programs()])
def test_the_programs_in_the_documents_run(name: str, tmp_path: Path) -> None:
    for file, text in programs():
        (tmp_path / file).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "examples" / "app.log", tmp_path)
    ran = run(f"{sys.executable} {name}", tmp_path / "state", tmp_path)
    assert ran.returncode == 0, ran.stdout
    for said in re.findall(r"print\(.*\)  # (.+)$", dict(programs())[name], re.MULTILINE):
        assert said in ran.stdout


def test_the_example_log_is_what_its_generator_writes(tmp_path: Path) -> None:
    written = run(f"{sys.executable} examples/make_log.py", tmp_path).stdout
    assert written == (ROOT / "examples" / "app.log").read_text(encoding="utf-8")


def test_changelog_fragments_are_of_a_known_kind(tmp_path: Path) -> None:
    ran = run(f"{sys.executable} -m towncrier build --draft --version next", tmp_path)
    assert ran.returncode == 0, ran.stdout
    for fragment in (ROOT / "changelog.d").glob("*.md"):
        assert fragment.read_text(encoding="utf-8").split()[0] in ran.stdout, (
            f"{fragment.name} is not in the changelog"
        )
