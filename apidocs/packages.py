"""The complete packages below docs/examples as pages: what a package says of itself, and its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from apidocs import public

FOLDER: Final = "examples"
_LANGUAGES: Final = {".py": "python", ".toml": "toml", ".cfg": "ini"}
INDEX: Final = f"{FOLDER}/index.md"
_LINK: Final = re.compile(rf"\]\({FOLDER}/([\w-]+)(?:/[\w./-]*)?\)")


def packages(docs: Path = public.ROOT / "docs") -> list[Path]:
    """The folders of the packages, by name."""
    return sorted(project.parent for project in docs.glob(f"{FOLDER}/*/pyproject.toml"))


def address(package: Path) -> str:
    """Where the page of *package* stands."""
    return f"{FOLDER}/{package.name}.md"


def page(package: Path) -> str:
    """The page of *package*: its README, then its files, the project's before the code and the tests."""
    readme = package / "README.md"
    told = readme.read_text(encoding="utf-8") if readme.exists() else f"# {package.name}\n"
    files = [path for path in package.rglob("*") if path.suffix in _LANGUAGES and _is_own(path, package)]
    files.sort(key=lambda path: (path.name != "pyproject.toml", path.name.startswith("test_"), path))
    return told + "".join(_shown(path, package) for path in files)


def index(shown: list[Path]) -> str:
    """The page that names all packages."""
    return "# Examples\n\n" + "".join(f"- [{package.name}]({package.name}.md)\n" for package in shown)


def linked(markdown: str) -> str:
    """A page on which links to the folder of a package, or to that of all, lead to its page."""
    markdown = _LINK.sub(rf"]({FOLDER}/\1.md)", markdown)
    return re.sub(rf"\]\({FOLDER}/?\)", f"]({INDEX})", markdown)


def _is_own(path: Path, package: Path) -> bool:
    """Whether a person wrote it: an environment or what a build left is not shown."""
    return not any(
        part.startswith((".", "_", "build", "dist")) for part in path.relative_to(package).parts[:-1]
    )


def _shown(path: Path, package: Path) -> str:
    code = path.read_text(encoding="utf-8").rstrip("\n")
    return f"\n## `{path.relative_to(package)}`\n\n```{_LANGUAGES[path.suffix]}\n{code}\n```\n"
