"""The slip below the office: what is going on in a sentence, the inspector's stamp, and what to do next.

What it says is decided by `notice_of`; what its buttons do is the scene's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import pygame

from game.desktop import icons, words
from game.desktop.figures import figure
from game.desktop.glossary_panel import with_terms
from game.desktop.theme import Colour, Theme
from game.desktop.widgets import Button, Event, Widget
from game.desktop.work import Forced, Trial, Work, same_steps
from game.language import capital, joined, say, say_many
from game.run import RunResult

Action = Literal[
    "open",
    "check",
    "stop",
    "reveal",
    "show",
    "watch",
    "edit",
    "hint",
    "next",
    "praise",
    "fix",
    "undo",
    "reset",
]
Stamp = Literal["", "PASSED", "REFUSED", "UNDECIDED"]

STAMPS: Final[Mapping[str, str]] = {
    "PASSED": say("PASSED"),
    "REFUSED": say("REFUSED"),
    "UNDECIDED": say("UNDECIDED"),
}

LEFT: Final = 168
"""Width kept for the stamp or the one big button."""
HEIGHT: Final = 108


class Notice(NamedTuple):
    """What the slip says. The first action is the obvious one."""

    text: str
    actions: tuple[Action, ...] = ()
    stamp: Stamp = ""
    detail: str = ""
    stars: int = 0
    tone: Literal["calm", "bad", "good"] = "calm"
    busy: bool = False


def notice_of(work: Work, *, next_level: bool = False, seconds: float = 0.0) -> Notice:
    """What to say about the work as it stands. `seconds` is how long the present wait has lasted."""
    if work.forced is not None:
        return _forced(work, work.forced)
    trial = work.trial
    if trial is None:
        return _writing(work)
    if not trial.told:
        return _trying(work, trial, seconds)
    if trial.fell is not None:
        return Notice(_sentence(trial.fell.reason), ("open",), tone="bad")
    attempt = trial.attempt
    if attempt is None:
        return Notice(say("Nobody judged this."), ("open",))
    verdict = attempt.verdict
    if verdict.word == "PROVED":
        follow: tuple[Action, ...] = ("next", "praise", "edit") if next_level else ("praise", "edit")
        detail = _together(_lucky(trial), _rounds(trial))
        return Notice(_held(work), follow, "PASSED", detail, attempt.stars, "good")
    if verdict.word == "UNDETERMINED":
        return Notice(
            say(
                "Inspector Quill ran out of time: {covered}. No failure found, but that is not a pass.",
                covered=verdict.covered,
            ),
            ("edit", "hint"),
            "UNDECIDED",
            say("Fewer steps make fewer winds. Shorter loops and fewer clerks help."),
        )
    failure = verdict.failure
    assert failure is not None
    if work.level.mode == "wind":
        return Notice(
            _sentence(failure.message), ("undo", "reset", "hint"), "REFUSED", _lucky(trial), tone="bad"
        )
    gusts = len(failure.wind)
    cuts = failure.preemptions
    shape: str = say_many("{count} gust", "{count} gusts", gusts)
    if cuts:
        shape = joined(", ", [shape, say_many("{count} interruption", "{count} interruptions", cuts)])
    message: str = _sentence(failure.message)
    return Notice(
        say("In the case “{case}”: {message}", case=say(attempt.case), message=message)
        if attempt.case
        else message,
        ("show", "edit", "hint"),
        "REFUSED",
        _together(
            _lucky(trial),
            say("The shortest wind that shows it: {shape}.", shape=shape)
            if failure.least
            else say("A wind that shows it, and perhaps not the shortest: {shape}.", shape=shape),
        )
        if gusts
        else say("So it is before anybody has moved."),
        tone="bad",
    )


def _writing(work: Work) -> Notice:
    if work.problems:
        count = len(work.problems)
        first = work.problems[0]
        more = say("And {count} more.", count=count - 1) if count > 1 else ""
        message = _ended(first.message)
        if first.place.line:
            script = first.place.file.removesuffix(".py")
            message = say(
                "{script}, line {line}: {message}", script=script, line=first.place.line, message=message
            )
        return Notice(_together(message, more), ("fix", "hint"), tone="bad")
    if work.level.mode == "wind":
        if work.film is not None and work.film.frames[-1].ending != "running":
            return Notice(
                say("Nobody can move any more. Now let real clerks do it in just this order."),
                ("open", "undo", "reset"),
                detail=_live(work),
            )
        return Notice(
            say("You are the Draught: choose who moves next, at the right or with the number keys."),
            ("open", "undo", "reset", "hint"),
            detail=_live(work)
            or (
                say("When you think it has come to that, real clerks do it in your order.")
                if work.wants_failure
                else say("Once nobody can move any more, real clerks do it in your order.")
            ),
        )
    if work.shown != "start":
        return Notice(
            say("You changed the script. Open the office again to see what becomes of it."),
            ("open", "check", "hint"),
        )
    if work.level.mode == "config":
        return Notice(
            say(
                "Set the office up at the right. Then real processes run the scripts, "
                "and Inspector Quill looks at every wind there is."
            ),
            ("open", "check"),
        )
    if work.level.mode == "build":
        return Notice(
            say("Take parts from the tray, draw ways from + to +, and write what the clerks do."),
            ("open", "check"),
        )
    return Notice(
        say("Real processes run your scripts, then Inspector Quill looks at every wind."),
        ("open", "check"),
    )


def _live(work: Work) -> str:
    """What is said of the real clerks who follow the player's wind."""
    live = work.live
    if live is None or not live.pids:
        return ""
    if live.trouble:
        return say(
            "Real processes disagree: {trouble}. A mistake of ours, please report it.", trouble=live.trouble
        )
    numbers = ", ".join(f"{clerk} {pid}" for clerk, pid in live.pids.items())
    return say("Real processes take each step with you: {numbers}.", numbers=numbers)


def _trying(work: Work, trial: Trial, seconds: float) -> Notice:
    if trial.waits_for_real:
        if seconds > 0.6:
            limit = work.level.real.timeout
            return Notice(
                say(
                    "The clerks are still inside. After {limit:g} seconds a run counts as hung.", limit=limit
                ),
                ("stop",),
                busy=True,
            )
        return Notice(say("The clerks are at work."), ("stop",), busy=True)
    said = _real(trial)
    if work.developing is not None:
        said = _together(said, say("The film of it is being developed."))
    if trial.waits_for_verdict:
        seen = say("{progress}.", progress=trial.looking) if trial.looking else ""
        looking = say("Inspector Quill is looking at every wind.")
        return Notice(_together(said, looking, seen), ("stop",), busy=True)
    ready = say("Inspector Quill has his verdict ready.")
    return Notice(_together(said, ready) if trial.real is not None else said or ready, ("reveal",))


def _real(trial: Trial) -> str:
    """How the real run went, as far as it is over."""
    if trial.lost:
        return say("The real run was lost: {lost}.", lost=trial.lost)
    real = trial.real
    if real is None:
        return ""
    match real.ending:
        case "finished":
            return say("Real clerks, {real}: everybody went home.", real=pids(real))
        case "disagreed":
            return say("A mistake of ours, please report it: {message}.", message=real.message)
        case _:
            return say("Real clerks, {real}: {message}.", real=pids(real), message=real.message)


def _lucky(trial: Trial) -> str:
    real, attempt = trial.real, trial.attempt
    if trial.lost:
        return say("The real run was lost ({lost}).", lost=trial.lost)
    if real is None or attempt is None:
        return ""
    if real.ending == "disagreed":
        return say("The real run did what our rules do not allow: a mistake of ours, please report it.")
    if real.ending == "hung" and attempt.passed:
        return say("Real clerks were still at it when their time was over.")
    if real.ending == "hung":
        return say("Real clerks hung too.")
    if real.ending == "finished" and not attempt.passed and not attempt.case and _fine(trial, real):
        return say("On real processes it went well this once: luck.")
    return ""


def _fine(trial: Trial, real: RunResult) -> bool:
    """Whether the real run's own end was what the level asks for."""
    system = trial.system
    _, world = system.follow(real.trace.wind)
    view = system.view(world.channels)
    return all(goal.at_the_end(view) is None for goal in system.level.win)


def _rounds(trial: Trial) -> str:
    """What real clerks made of the level's other cases."""
    rounds = trial.rounds
    if rounds is None:
        return ""
    if rounds.trouble is not None:
        return say(
            "In the case “{case}” the real run did what our rules do not allow: a mistake of ours, please "
            "report it ({what}).",
            case=rounds.case,
            what=rounds.trouble.message,
        )
    if not rounds.kept:
        return ""
    return say_many(
        "Real clerks did it in one more case, too.",
        "Real clerks did it in {count} more cases, too.",
        rounds.kept,
    )


def _held(work: Work) -> str:
    attempt = work.attempt
    assert attempt is not None
    verdict = attempt.verdict
    if work.level.mode == "wind":
        return say("Just the wind that was wanted, and real clerks moved in this order.")
    if verdict.winds is None:
        return say("It holds in every wind: {covered}.", covered=verdict.covered)
    if verdict.winds == 1:
        return say("There is only one wind here, and it holds.")
    return say("It holds in all {winds} winds.", winds=figure(verdict.winds))


def _forced(work: Work, forced: Forced) -> Notice:
    if forced.lost:
        return Notice(
            say("The office was lost: {lost}.", lost=forced.lost), ("show", "edit"), "REFUSED", tone="bad"
        )
    result, failure = forced.result, work.failure
    if result is None or failure is None:
        return Notice(say("The wind blows on real clerks, step by step."), ("stop",), "REFUSED", busy=True)
    numbers = pids(result)
    if not same_steps(failure.trace, result) or result.ending in ("killed", "disagreed"):
        return Notice(
            say(
                "Real processes did something else: {message}. A mistake of ours, please report it.",
                message=result.message,
            ),
            ("show", "edit"), "REFUSED", tone="bad",
        )  # fmt: skip
    how = {
        "stuck": say("and there they hang: really stuck"),
        "crashed": say("and there it stopped: a real exception"),
        "finished": say("and it ended just as badly"),
    }.get(result.ending, say("and it went just so"))
    steps = len(failure.wind)
    what = (
        say_many("The same step on real processes", "The same {count} steps on real processes", steps)
        if steps
        else say("Real processes, just so")
    )
    return Notice(
        say("{what}, {how}.", what=what, how=how),
        ("edit", "hint", "watch"),
        "REFUSED",
        joined(". ", [numbers, _sentence(failure.message)]),
        tone="bad",
    )


def pids(result: RunResult) -> str:
    """The clerks of a real run with the numbers of their processes."""
    return ", ".join(f"{clerk} {pid}" for clerk, pid in result.trace.pids.items())


def _sentence(text: str) -> str:
    return capital(_ended(text)) if text else ""


def _ended(text: str) -> str:
    # What ends in a line of code to write ends with its colon.
    return text if text.endswith((".", "!", "?", ":")) else say("{sentence}.", sentence=text)


def _together(*sentences: str) -> str:
    return joined(" ", [one for one in sentences if one])


class Slip(Widget):
    """Draws a notice, and puts the buttons it asks for."""

    def __init__(
        self, buttons: Mapping[Action, Button], on_link: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self.buttons = buttons
        self._icons = {button: button.icon for button in buttons.values()}
        self.on_link = on_link
        self._links: list[tuple[pygame.Rect, str]] = []
        self.notice = Notice("")
        self.compact = False
        self._turning = 0.0

    def show(self, notice: Notice) -> bool:
        """Take another notice; True when it is another."""
        changed = notice != self.notice
        self.notice = notice
        return changed

    def children(self) -> Sequence[Widget]:
        return [self.buttons[action] for action in self.notice.actions]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        if event.type == pygame.MOUSEMOTION:
            over = any(rect.collidepoint(event.pos) for rect, _ in self._links)
            self.cursor = pygame.SYSTEM_CURSOR_HAND if over else pygame.SYSTEM_CURSOR_ARROW
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.on_link is not None:
            for rect, key in self._links:
                if rect.collidepoint(event.pos):
                    self.on_link(key)
                    return True
        return any([child.handle(event) for child in self.children()])

    def update(self, dt: float) -> bool:
        self._turning += dt
        return super().update(dt) or self.notice.busy

    def arrange(self, theme: Theme) -> None:
        """Put the buttons of the notice where they belong."""
        actions, rect = self.notice.actions, self.rect
        for number, action in enumerate(actions):
            self.buttons[action].style = "primary" if number == 0 else "secondary"
        x = rect.x + theme.px(LEFT)
        row = list(actions)
        if not self.notice.stamp and row:
            big = self.buttons[row.pop(0)]
            big.put(theme)
            big.rect.size = (theme.px(LEFT - 18), theme.px(46))
            big.radius = 23
            big.rect.midleft = (rect.x, rect.centery)
        shown = [self.buttons[action] for action in row]
        for button in shown:
            button.icon = self._icons[button]
        # In a narrow window the words matter more than their icons.
        for button in reversed(shown):
            ends = x + sum(one.size(theme)[0] for one in shown) + theme.px(8) * (len(shown) - 1)
            button.icon = None if ends > rect.right else button.icon
        for button in shown:
            button.radius = 17
            button.put(theme, left=x, bottom=rect.bottom - theme.px(1))
            x = button.rect.right + theme.px(8)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self.arrange(theme)
        notice, palette, rect = self.notice, theme.palette, self.rect
        left = rect.x + theme.px(LEFT)
        text = pygame.Rect(left, rect.y, rect.right - left, rect.height)
        if notice.stamp:
            self._draw_stamp(surface, theme)
        elif notice.busy:
            text.left += self._draw_wind(surface, theme, text)
            text.width = rect.right - text.left
        row = theme.px(42) if len(self.children()) > (0 if notice.stamp else 1) else 0
        room = text.height - row
        ink: Colour = palette.post_deep if notice.tone == "bad" and not notice.stamp else palette.ink
        laid, detail = self._fit(theme, text.width, room, ink)
        high = laid.height + (detail.height if detail else 0)
        y = text.y + max(0, (room - high) // 2)
        laid.draw(surface, (text.x, y))
        self._links = [(rect.move(text.x, y), key) for rect, key, _ in laid.links]
        if detail:
            detail.draw(surface, (text.x, y + laid.height))
        for child in self.children():
            child.draw(surface, theme)

    def _fit(
        self, theme: Theme, width: int, room: int, ink: Colour
    ) -> tuple[words.Prose, words.Prose | None]:
        """The text and its detail at the largest size at which both fit; else the text alone."""
        notice, palette = self.notice, theme.palette
        said = with_terms(theme, notice.text) if notice.stamp and self.on_link is not None else notice.text
        for size, small in ((19, 13), (17, 13), (15.5, 12), (14, 12)):
            laid = words.prose(theme, said, width, ink, role="voice", size=size, code=palette.brass_ink)
            detail = (
                words.prose(theme, notice.detail, width, palette.muted, size=small) if notice.detail else None
            )
            if laid.height + (detail.height if detail else 0) <= room:
                return laid, detail
        return laid, detail if laid.height + (detail.height if detail else 0) <= room + theme.px(6) else None

    def _draw_stamp(self, surface: pygame.Surface, theme: Theme) -> None:
        notice, palette = self.notice, theme.palette
        colour = {"PASSED": palette.teal, "REFUSED": palette.post}.get(notice.stamp, palette.brass_ink)
        size = 19 if notice.stamp == "UNDECIDED" else 24
        made = icons.stamp(theme, STAMPS.get(notice.stamp, notice.stamp), colour, size=size, most=LEFT - 18)
        place = made.get_rect(center=(self.rect.x + theme.px(LEFT - 18) // 2, self.rect.centery))
        if notice.stamp == "PASSED":
            place.centery -= theme.px(13)
            for at in range(3):
                name, ink = ("star", palette.brass) if at < notice.stars else ("star outline", palette.faint)
                centre = (place.centerx + (at - 1) * theme.px(26), place.bottom + theme.px(10))
                icons.put_icon(surface, theme, name, centre, 22, ink)
        surface.blit(made, place)

    def _draw_wind(self, surface: pygame.Surface, theme: Theme, text: pygame.Rect) -> int:
        """A breath of wind while somebody is at work; how much room it takes."""
        phase = 0.0 if theme.reduced_motion else (self._turning * 1.6) % 1
        x = text.x + theme.px(12) + round(theme.px(8) * (phase - 0.5))
        icons.put_icon(surface, theme, "wind", (x, text.centery), 24, theme.palette.teal)
        return theme.px(38)
