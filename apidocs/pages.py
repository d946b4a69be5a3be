"""What the site has beside the pages of docs/: front page, packages and reference (a hook of mkdocs).

A page that would load anything from another host is a fault, like a dead link.
"""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from typing import Any, Final

import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from apidocs import packages, public

REFERENCE: Final = "reference.md"
FOLDER: Final = "api"
COLOURS: Final = "css/code.css"
ELSEWHERE: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
FIRST_CELL: Final = re.compile(r"^\| `[^|]+(?=\|)", re.MULTILINE)
_log = logging.getLogger("mkdocs.hooks.kumon_observe")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the packages and the reference into the navigation, a page for each package and public module."""
    shown: list[str | dict[str, str]] = [
        {package.name: packages.address(package)} for package in packages.packages()
    ]
    reference = [{title(module): address(module)} for module in public.modules()]
    config.nav = [
        *(config.nav or []),
        *([{"Examples": [packages.INDEX, *shown]}] if shown else []),
        {"Reference": reference},
    ]
    config.extra_css = [COLOURS, *config.extra_css]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the front page, which is the README, and the pages of the packages and of the reference."""
    for file in [file for file in files if file.src_uri.startswith(f"{packages.FOLDER}/")]:
        files.remove(file)
    if shown := packages.packages():
        files.append(File.generated(config, packages.INDEX, content=packages.index(shown)))
    for package in shown:
        files.append(File.generated(config, packages.address(package), content=packages.page(package)))
    readme = (public.ROOT / "README.md").read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "index.md", content=readme))
    colours = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    files.append(File.generated(config, COLOURS, content=colours))
    for module in public.modules():
        files.append(File.generated(config, address(module), content=page(module)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Let every name in the table of docs/reference.md lead to what its docstring says."""
    if page.file.src_uri != REFERENCE:
        return packages.linked(markdown)
    homes = {name: public.home(named).path for name, named in public.names(public.package()).items()}

    def linked(code: re.Match[str]) -> str:
        home = homes.get(code[1])
        return f"[{code[0]}][{home}]" if home in public.paths() else code[0]

    return FIRST_CELL.sub(lambda cell: re.sub(r"`(\w+)[^`]*`", linked, cell[0]), markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Show a ``|`` in the code of a table as Git hosts do, without the backslash that keeps it there."""
    return re.sub(r"<td>.*?</td>", lambda cell: cell[0].replace("\\|", "|"), html, flags=re.DOTALL)


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Name whatever a page would load from another host."""
    for found in foreign(output):
        _log.warning("%s loads from another host: %s", page.file.src_uri, found)
    return output


def title(module: griffe.Module) -> str:
    """How the navigation calls *module*."""
    return module.path.removeprefix(f"{public.PACKAGE}.")


def address(module: griffe.Module) -> str:
    """Where the page of *module* stands."""
    return f"{FOLDER}/{title(module)}.md"


def page(module: griffe.Module) -> str:
    """The page of *module*: what it says of itself, then its names."""
    told = [directive(module.path, members=False, heading_level=1, show_root_full_path=True)]
    if module.path == public.PACKAGE:
        told.append(f"What each name is for, in a line, stands under [Names](../{REFERENCE}).")
    told += [
        directive(path, members=False, show_root_heading=False, show_root_toc_entry=False)
        for path in spoken_for(module)
    ]
    told += [directive(path) for path in shown_on(module)]
    return "\n\n".join(told) + "\n"


def shown_on(module: griffe.Module) -> list[str]:
    """The names that the page of *module* explains; each name stands on one page."""
    return [
        path for path, place in public.places().items() if place == module.path and path in public.paths()
    ]


def spoken_for(module: griffe.Module) -> set[str]:
    """The one module whose names *module* hands on under its public address, if it does nothing else."""
    homes = {public.home(named).module.path for named in public.names(module).values()}
    return homes if len(homes) == 1 and homes != {module.path} else set()


def directive(path: str, **options: bool | int) -> str:
    """What mkdocstrings replaces by the docstring of *path*."""
    shown = f"::: {path}\n"
    if options:
        shown += "    options:\n"
    return shown + "".join(f"      {name}: {str(value).lower()}\n" for name, value in options.items())


class _Loads(HTMLParser):
    """Collects the addresses of what a page loads; a link waits for a person to follow it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a browser follows by itself or with a form."""
        kept = ("src", "srcset", "action") if tag == "a" else ("href", "src", "srcset", "action")
        self.found += [value for name, value in attrs if name in kept and value]


def foreign(html: str) -> list[str]:
    """What a page loads from other hosts."""
    loads = _Loads()
    loads.feed(html)
    return [found for found in loads.found if ELSEWHERE.match(found)]
