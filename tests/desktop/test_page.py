"""The page that plays a run: whole, alone, safe from what levels and players write, true to the film."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from lifecycles import an_ended_kit
from offices import OFFICES, a_race

from game.desktop.page import export_page
from game.export.telling import Telling
from game.story import Film

RUNS = [*OFFICES.values(), (an_ended_kit, "boss signal:kit boss")]


def telling_of(make, wind, **more):
    system = make()
    return Telling(system, system.follow(wind.split())[0], **more)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.S)[1])


class Elements(html.parser.HTMLParser):
    """Which elements a page has, with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_it_says_what_the_film_says(make, wind):
    telling = telling_of(make, wind)
    told, film = data_of(export_page(telling)), Film(telling.system, telling.trace)
    assert [frame["caption"] for frame in told["frames"]] == [frame.caption for frame in film.frames]
    assert [len(frame["things"]) for frame in told["frames"]] == [len(told["frames"][0]["things"])] * len(
        film.frames
    )
    steps = sorted(step for lane in told["lanes"] for step, _, _ in lane["steps"])
    assert steps == list(range(1, len(film) + 1))
    tokens = [{name for name, *_ in frame["tokens"]} for frame in told["frames"]]
    for before, frame, after in zip(tokens, told["frames"][1:], tokens[1:], strict=False):
        flown = {name for name, *_ in frame["flights"]}
        assert before ^ after <= flown  # nothing appears or vanishes but by flying


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_it_needs_nothing_but_itself(make, wind):
    page = export_page(telling_of(make, wind))
    assert not re.search(r"@[A-Z]+@", page)
    for _, attributes in Elements(page).found:
        assert not {"src", "href"} & set(attributes)
    drawn = re.sub(r"http://www\.w3\.org/(2000/svg|1999/xhtml)", "", page)
    assert "http:" not in drawn and "https:" not in drawn and "url(" not in drawn


def test_what_somebody_wrote_never_becomes_part_of_the_page():
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> @DATA@"
    telling = telling_of(a_race, "ada bob", word="REFUTED", message=evil)
    level = replace(telling.system.level, title=evil, objective=evil)
    trace = replace(
        telling.trace, scripts={name: f"# {evil}\n{text}" for name, text in telling.trace.scripts.items()}
    )
    page = export_page(Telling(replace(telling.system, level=level), trace, telling.word, evil))
    elements = Elements(page).found
    assert sum(tag == "script" for tag, _ in elements) == 2
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in elements)
    assert data_of(page)["message"].endswith(evil[1:]) and data_of(page)["title"] == evil


def test_a_reader_without_scripts_gets_every_step_in_words():
    page = export_page(telling_of(a_race, "ada bob ada bob"))
    transcript = page[page.index("<noscript>") : page.index("</noscript>")]
    assert transcript.count("<li>") == 4 and "ada reads 41 from tally" in transcript


def test_it_speaks_the_readers_language():
    page = export_page(telling_of(a_race, "ada bob"), words=str.upper, language="xx")
    assert '<html lang="xx">' in page and data_of(page)["frames"][1]["caption"].startswith("ADA READS 41")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs a browser")
def test_a_browser_plays_it(tmp_path):
    page = tmp_path / "run.html"
    page.write_text(
        export_page(telling_of(a_race, "ada bob ada bob", word="REFUTED", message="a stroke is lost"))
    )
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --dump-dom"
    done = subprocess.run(
        ["chromium", *flags.split(), f"--user-data-dir={tmp_path / 'profile'}", f"{page.as_uri()}#4"],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    body = done.stdout
    assert "gust 4 / 4" in body and "a stroke is lost" in body
    assert re.search(r'class="number"[^>]*>42<', body), sys.stderr.write(body[:2000])
