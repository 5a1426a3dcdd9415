"""The site is built strictly, from pages that say what the code says, and needs no network."""

import os
import re
import subprocess
import sys

import pytest
from snippets import DOCS, ROOT, pages

from docs.generate import api
from rlenvs import planning

LARGEST_FILM = 200_000
LARGEST_PICTURE = 100_000
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = run("mkdocs", "build", "--strict", "--site-dir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_generated_pages_are_current():
    done = run("docs.generate", "--check")
    assert done.returncode == 0, done.stderr


def test_every_page_is_built(site):
    for path in pages():
        name = path.relative_to(DOCS).with_suffix("")
        assert (site / f"{name}.html").exists()


def test_it_loads_nothing_from_elsewhere(site):
    loaded = r"<(?:script|img|iframe|source)[^>]*\ssrc=\"?(https?:[^\s\">]+)"
    loaded += r"|<link[^>]*stylesheet[^>]*href=\"?(https?:[^\s\">]+)"
    found = {path.name: re.findall(loaded, path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert {name: links for name, links in found.items() if links} == {}


def test_a_public_name_without_a_docstring_is_found(monkeypatch):
    monkeypatch.setattr(api, "rooms", lambda: (planning,))
    assert "rlenvs.planning.solve" not in api.undocumented()
    monkeypatch.setattr(planning.solve, "__doc__", None)
    assert "rlenvs.planning.solve" in api.undocumented()


def test_a_broken_link_fails_the_build(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# One\n\n[Two](two.md)\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    done = run("mkdocs", "build", "--strict", "-f", str(tmp_path / "mkdocs.yml"))
    assert done.returncode != 0


@pytest.mark.parametrize("path", sorted((DOCS / "pictures").rglob("*.*")), ids=lambda path: path.name)
def test_pictures_are_small_and_used(path):
    assert path.stat().st_size <= (LARGEST_FILM if path.suffix == ".gif" else LARGEST_PICTURE)
    readers = [*pages(), ROOT / "README.md"]
    assert any(f"pictures/{path.relative_to(DOCS / 'pictures').as_posix()}" in page.read_text() for page in readers)
