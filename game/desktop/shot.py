"""Pictures of any scene, made without a window and without any process: for documents, tests and reviews."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.desktop.settings import Settings
from game.level.model import Answer, Level
from game.problems import Place, Problem, ProblemsFound, near_miss

if TYPE_CHECKING:
    import pygame

    from game.desktop.house import House
    from game.desktop.scenes.free_play import FreePlayScene
    from game.desktop.scenes.room import Room
    from game.desktop.scenes.workshop import WorkshopScene
    from game.desktop.theme import Theme
    from game.plugins import Registry
    from game.saves import Progress

SCENES: Final = (
    "title", "levels", "browser", "progress", "credits", "saves", "workshop", "verdict", "wind", "help",
    "settings", "keys", "hint", "guide", "glossary", "python", "part",
    "freeplay", "promises",
)  # fmt: skip
"""What `shot` can show. `workshop` with a step is that moment of the answer's verdict: of the failing wind,
or, where it holds, of a calm one. `wind` is a wind level along its answer's wind. `guide` with a step is that
callout, from 0. `part` is the sheet of the first part the answer builds. `promises` is what the office of
`freeplay` lacks as a level."""

PLAIN: Final = (
    "title", "levels", "browser", "progress", "credits", "settings", "keys", "freeplay", "promises",
)  # fmt: skip
"""Those that need no level."""


def shot(
    scene: str,
    out: Path,
    *,
    level: Level | None = None,
    answer: Answer | None = None,
    step: int | None = None,
    size: tuple[int, int] = (1280, 720),
    scale: float = 1.0,
    settings: Settings | None = None,
    path: Path | None = None,
    registry: Registry | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a picture of a scene as PNG. Raises ProblemsFound for an unknown scene or a missing level."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    picture = picture_of(
        scene,
        level,
        answer,
        step=step,
        size=size,
        scale=scale,
        settings=settings,
        path=path,
        registry=registry,
        progress=progress,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    pygame.image.save(picture, str(out))


def picture_of(
    scene: str,
    level: Level | None = None,
    answer: Answer | None = None,
    *,
    step: int | None = None,
    size: tuple[int, int] = (1280, 720),
    scale: float = 1.0,
    settings: Settings | None = None,
    path: Path | None = None,
    registry: Registry | None = None,
    progress: Progress | None = None,
) -> pygame.Surface:
    """The picture of a scene; see `shot`."""
    from game.desktop.app import render
    from game.desktop.house import House
    from game.desktop.looks import theme_of

    if scene not in SCENES:
        hint = near_miss(scene, SCENES) or f"; there are {', '.join(SCENES)}"
        raise ProblemsFound([Problem(Place(scene), "", f"no such scene{hint}")])
    house = House(None, helpers=False, registry=registry)
    house.settings = settings or Settings(language="en")
    theme = theme_of(replace(house.settings, reduced_motion=True), scale)
    if progress is not None:
        house.progress = progress
    if scene in PLAIN:
        return render(_plain(scene, house), size, theme=theme)
    if level is None:
        raise ProblemsFound([Problem(Place(scene), "", f"the scene {scene} needs a level")])
    path = path or Path(level.place.file)
    return render(_of_level(scene, house, level, answer, step, path, size, theme), size, theme=theme)


def _plain(scene: str, house: House) -> Room:
    if scene == "title":
        from game.desktop.scenes.title import TitleScene

        return TitleScene(house)
    if scene == "browser":
        from game.desktop.scenes.browser import BrowserScene

        return BrowserScene(house, read_at_once=True)
    if scene in ("settings", "keys"):
        from game.desktop.scenes.settings import SettingsScene

        return SettingsScene(house, tab=3 if scene == "keys" else 0)
    if scene == "freeplay":
        return _free_play(house)
    if scene == "promises":
        return _promises(house)
    if scene == "progress":
        return _progress(house)
    if scene == "credits":
        from game.desktop.scenes.credits import CreditsScene

        return CreditsScene(house)
    from game.desktop.scenes.levels import LevelsScene

    return LevelsScene(house)


def _progress(house: House) -> Room:
    """The progress of somebody who is at the seventh level, and has just looked at the fifth."""
    from game.desktop.scenes.progress import ProgressScene
    from game.history import Try

    cards = house.campaigns[0].levels[:6] if house.campaigns else ()
    if not house.progress.levels:
        for card, stars in zip(cards, (3, 3, 2, 0, 2, 1), strict=False):
            if stars:
                house.count_attempt(card.key, stars, {"ticks": 9, "statements": 4})
        tries = [
            Try(f"2026-01-06T12:0{at}:00+00:00", Answer("1.5"), "REFUTED", 0, "wrong result")
            for at in range(4)
        ]
        house.tries = lambda key: [*tries, Try("2026-01-06T12:09:00+00:00", Answer("1.5"), "PROVED", 2)]  # type: ignore[method-assign]
    return ProgressScene(
        house, start=Path("/home/joyn"), at=cards[4].key if len(cards) > 4 else "", at_once=True
    )


def _free_play(house: House) -> FreePlayScene:
    """An office half built, with the clerk picked that still has to write."""
    from game.desktop.scenes.free_play import FreePlayScene, fresh_office

    built = fresh_office(house).with_channel("belt", "queue", {"maxsize": 2}).with_channel("tally", "value")
    built = built.with_clerk("ada").with_clerk("bob").with_channel("tube", "pipe")
    for clerk, target in (
        ("ada", "belt"),
        ("bob", "belt"),
        ("bob", "tally"),
        ("ada", "tube.a"),
        ("bob", "tube.b"),
    ):
        built = built.wired(clerk, target)
    built = built.aiming({"log": ["letters", "stamps"], "value": {"tally": 2}})
    ada = built.clerk("ada").script.replace("pass", 'belt.put("letters")\n    belt.put("stamps")')
    scene = FreePlayScene(house, None, built.written("ada", ada))
    scene.building.pick(("clerk", "bob"))
    return scene


def _promises(house: House) -> Room:
    """The same office, which nobody has finished, as a level."""
    from game.attempt import check_answer

    scene = _free_play(house)
    promises = scene.show_promises()
    while (question := promises.question) is not None:
        scene.hear_verdict(check_answer(question.level, question.answer).verdict)
    return scene


def _of_level(
    scene: str,
    house: House,
    level: Level,
    answer: Answer | None,
    step: int | None,
    path: Path,
    size: tuple[int, int],
    theme: Theme,
) -> Room:
    from game.desktop.app import render
    from game.desktop.scenes.workshop import WorkshopScene

    if scene == "saves":
        return _saves(house, level, path)
    if scene == "verdict":
        answer = answer or level.reference
    workshop = WorkshopScene(house, path, level, answer=answer or level.starter)
    if scene == "guide":
        workshop.show_guide(step or 0)
    elif scene == "wind" or (step is not None and level.mode == "wind"):
        workshop.work.playback.seek(float("inf") if step is None else step)
    elif scene == "verdict" or step is not None:
        _judge(workshop, step)
    if scene == "verdict":
        return _verdict(house, workshop, size, theme)
    overlays: dict[str, Callable[[], object]] = {
        "help": workshop.show_help,
        "hint": workshop.hint,
        "python": workshop.show_python,
        "glossary": lambda: workshop.show_glossary("value"),
        "part": workshop.show_part,
    }
    if scene in overlays:
        render(workshop, size, theme=theme)  # it must know its theme and size to open something over itself
        overlays[scene]()
    return workshop


def _saves(house: House, level: Level, path: Path) -> Room:
    """The saves of somebody who has tried every answer in the level's own file."""
    from datetime import UTC, datetime, timedelta

    from game.attempt import check_answer
    from game.desktop.scenes.saves import SavesScene, Subject
    from game.history import try_of

    key, noon = house.key_of(level, path), datetime(2026, 1, 6, 12, tzinfo=UTC)
    answers = [level.starter, *(wrong.answer for wrong in level.wrong), level.reference]
    tries = [
        try_of(check_answer(level, answer), answer, noon + timedelta(minutes=7 * number))
        for number, answer in enumerate(answers)
    ]
    house.progress = house.progress.keeping(key, answers[-1]).filling(key, 1, answers[-2])
    house.tries = lambda key: tries  # type: ignore[method-assign]
    return SavesScene(house, Subject(key, level.id, level.title, path), zone=UTC, at_once=True)


def _verdict(house: House, workshop: WorkshopScene, size: tuple[int, int], theme: Theme) -> Room:
    from game.desktop.app import render
    from game.desktop.scenes.verdict import VerdictScene

    attempt = workshop.work.attempt
    if attempt is None or not attempt.passed:
        return workshop
    house.count_attempt(workshop.key, attempt.stars, attempt.metrics)
    return VerdictScene(house, workshop, attempt, render(workshop, size, theme=theme))


def _judge(workshop: WorkshopScene, step: int | None) -> None:
    """The verdict, and the film that goes with it, at a step."""
    from game.attempt import check_answer
    from game.desktop.work import Trial

    work = workshop.work
    attempt = check_answer(work.level, work.answer)
    work.compile()
    assert work.system is not None
    work.trial = Trial(work.system, wants_real=False, wants_verdict=True, attempt=attempt)
    work.reveal()
    while work.developing is not None:
        work.poll(None, None)
    if attempt.passed and work.level.mode != "wind":
        work.watch_calm()
    work.playback.seek(float("inf") if step is None else step)
