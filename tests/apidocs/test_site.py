"""The documentation builds as a site without a warning, and the site is whole and needs no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kumon_observe
from apidocs import pages, public
from tests.shell import ROOT

PACKAGE = {
    "README.md": "# A pager\n\nRings.\n",
    "test_kumon_pager.py": "import kumon_pager\n",
    "kumon_pager.py": '"""Rings."""\n',
    "pyproject.toml": '[project]\nname = "kumon-pager"\n',
    ".venv/left.py": "left = True\n",
    "build/left.py": "left = True\n",
}


def build(checkout: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of *checkout* as ``make docs`` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    return subprocess.run(
        command,
        cwd=checkout,
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this checkout."""
    folder = tmp_path_factory.mktemp("site")
    built = build(ROOT, folder)
    assert built.returncode == 0, built.stdout
    assert "WARNING" not in built.stdout
    return folder


def test_every_document_and_every_public_name_is_on_the_site(site: Path) -> None:
    documents = {path.with_suffix(".html").name for path in (ROOT / "docs").glob("*.md")}
    assert {"index.html", *documents} <= {path.name for path in site.iterdir()}
    anchors = {
        anchor
        for path in site.glob("api/*.html")
        for anchor in re.findall(r' id="(kumon_observe[\w.]*)"', path.read_text(encoding="utf-8"))
    }
    assert anchors >= public.paths()


def test_every_name_of_the_package_leads_to_its_docstring(site: Path) -> None:
    html = (site / "reference.html").read_text(encoding="utf-8")
    for name, named in public.names(public.package()).items():
        link = re.search(rf'<a [^>]*href="([^"]+)"[^>]*><code>{name}\b', html)
        assert link is not None, name
        page, _, anchor = link[1].partition("#")
        assert anchor == public.home(named).path
        assert f'id="{anchor}"' in (site / page).read_text(encoding="utf-8")
    assert set(public.names(public.package())) == set(kumon_observe.__all__)


def test_the_site_needs_no_network(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert pages.foreign(path.read_text(encoding="utf-8")) == [], path.name
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:@import|url\()[\s\"']*(?:https?:)?//[^)]*", text) == [], path.name


def test_docstrings_read_as_prose_and_code(site: Path) -> None:
    for path in site.glob("api/*.html"):
        text = re.sub(r"<pre>.*?</pre>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for left in (":class:", ":func:", ":mod:", ":meth:", ":attr:", ":data:", "::</p>", "&gt;&gt;&gt;"):
            assert left not in text, (path.name, left)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The site of documents with a package and with a fault of each kind, and what is said of them."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("mkdocs.yml", "README.md"):
        shutil.copy(ROOT / name, checkout)
    for name in ("apidocs", "docs", "src"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    with (checkout / "docs" / "json.md").open("a", encoding="utf-8") as page:
        page.write(
            "\n[a](traces.md#nowhere) [b](nothing.md) [c][kumon_observe.nobody] ![d](https://example.org/x)\n"
        )
        page.write("[the pager](examples/kumon-pager/kumon_pager.py) [all](examples)\n")
    (checkout / "docs" / "forgotten.md").write_text("# Forgotten\n", encoding="utf-8")
    package = checkout / "docs" / "examples" / "kumon-pager"
    for name, text in PACKAGE.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    built = build(checkout, checkout / "site")
    assert built.returncode != 0
    return checkout / "site", built.stdout


@pytest.mark.parametrize(
    "said",
    [
        "contains a link 'traces.md#nowhere', but the doc 'traces.md' does not contain an anchor '#nowhere'",
        "contains a link 'nothing.md', but the target is not found",
        "Could not find cross-reference target 'kumon_observe.nobody'",
        "json.md loads from another host: https://example.org/x",
        "forgotten.md",
        "Aborted with 5 warnings in strict mode!",
    ],
)
def test_a_fault_in_the_documents_stops_the_build(changed: tuple[Path, str], said: str) -> None:
    assert said in " ".join(changed[1].split())


def test_a_complete_package_is_one_page(changed: tuple[Path, str]) -> None:
    site, _ = changed
    html = (site / "examples" / "kumon-pager.html").read_text(encoding="utf-8")
    assert re.findall(r'<h[12] id="[^"]*">(.*?)<a', html) == [
        "A pager",
        "<code>pyproject.toml</code>",
        "<code>kumon_pager.py</code>",
        "<code>test_kumon_pager.py</code>",
    ]
    assert not (site / "examples" / "kumon-pager").exists()
    linking = (site / "json.html").read_text(encoding="utf-8")
    assert 'href="examples/kumon-pager.html">the pager</a>' in linking
    assert 'href="examples/index.html">all</a>' in linking
    assert 'href="kumon-pager.html"' in (site / "examples" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<script src="https://example.org/a.js">', ["https://example.org/a.js"]),
        ('<link href="//example.org/a.css">', ["//example.org/a.css"]),
        ('<form action="//example.org/search">', ["//example.org/search"]),
        ('<a href="traces.html#a">', []),
        ('<a href="https://example.org/">', []),
        ('<img src="data:image/png;base64,aaaa">', []),
        ("text about https://example.org", []),
    ],
)
def test_what_a_page_loads_from_another_host_is_found(html: str, found: list[str]) -> None:
    assert pages.foreign(html) == found
