"""The inspector beside the plainest search there is: every world as the rules give it, nothing packed,
numbered, remembered or left out; and every question answered from the whole graph by its definition."""

import heapq
import random

import pytest
from benched_offices import benched_office
from builders import a_system
from random_families import random_family
from random_offices import random_system
from twins import twin_office

from game.channels.lock import Lock
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker.check import check, outcome_of
from game.checker.diagnose import fault_at_the_end, fault_now
from game.goals import Bag, Log, NoStarvation, PeakAtMost, Reads
from game.level.model import Limits
from game.world import base

TOO_MANY = 1_500


class Plain:
    """Every world of a system, and the moves out of it; `whole` is False where there are too many."""

    def __init__(self, system):
        self.system = system
        self.start = repr(system.start)
        self.worlds, self.out = {self.start: system.start}, {}
        for key in (todo := [self.start]):
            moves = system.moves(self.worlds[key])
            self.out[key] = [(move.event.agent, repr(move.world)) for move in moves]
            for (_, there), move in zip(self.out[key], moves, strict=True):
                if there not in self.worlds:
                    self.worlds[there] = move.world
                    todo.append(there)
            if len(todo) > TOO_MANY:
                break
        self.whole = len(self.out) == len(self.worlds)
        self.ends = {key for key, moves in self.out.items() if all(is_cat(agent) for agent, _ in moves)}
        self.before = {key: set() for key in self.worlds}
        for key, moves in self.out.items():
            for _, there in moves:
                self.before[there].add(key)

    def leading_to(self, goals):
        """The worlds from which one of these can be reached."""
        found, todo = set(goals), list(goals)
        while todo:
            fresh = self.before[todo.pop()] - found
            found |= fresh
            todo += fresh
        return found

    def faults(self):
        """What is wrong with each bad world: at an end, at once, or because one can go round in it."""
        found = {}
        for key, world in self.worlds.items():
            told = (fault_at_the_end if key in self.ends else fault_now)(self.system, world)
            if told:
                found[key] = kind_in(self.system, told.kind)
        hungry = [name for goal in self.system.level.win for name in getattr(goal, "hungry", ())]
        for name in hungry or [""]:
            for loop in self.fair_loops(name):
                found |= dict.fromkeys(loop - found.keys(), "starvation" if name else "livelock")
        return found

    def waits(self, key, name):
        """Whether a clerk is at work there and cannot move."""
        life = self.worlds[key].lives[self.system.clerks.index(name)]
        return base(life) in ("up", "leaving", "failing") and name not in {
            agent for agent, _ in self.out[key]
        }

    def winds(self):
        """How many complete winds; None where there is no end of them."""
        count, left = dict.fromkeys(self.ends, 1), dict.fromkeys(self.worlds)
        for key, moves in self.out.items():
            left[key] = len(moves)
        ready = [key for key in self.worlds if not left[key]]
        while ready:
            here = ready.pop()
            for before in self.before[here]:
                ways = sum(there == here for _, there in self.out[before])
                count[before] = count.get(before, 0) + ways * count[here]
                left[before] -= ways
                if not left[before]:
                    ready.append(before)
        return None if any(left.values()) else count[self.start]

    def fair_loops(self, starved=""):
        """Sets of worlds that all lead to each other, where everybody who always could move does move; if
        somebody is to be starved, only of worlds in which that clerk waits."""
        if self.winds() is not None:
            return
        among = {key for key in self.worlds if not starved or self.waits(key, starved)}
        after = {key: {there for _, there in self.out[key]} & among for key in among}
        done = set()
        for key in among:
            if key in done:
                continue
            ahead = {one for there in after[key] for one in closure(after, there)}
            loop = {one for one in ahead if key in closure(after, one)}
            done |= loop
            always = [{agent for agent, _ in self.out[one] if not is_cat(agent)} for one in loop]
            moving = {agent for one in loop for agent, there in self.out[one] if there in loop}
            if loop and key in ahead and set.intersection(*always) <= moving:
                yield loop

    def cheapest(self, bad):
        """(preemptions, switches, steps) of the best wind to a bad world, and what is wrong in all such."""
        best, todo, kinds = {(self.start, ""): (0, 0, 0)}, [((0, 0, 0), self.start, "")], set()
        least = None
        while todo:
            cost, key, last = heapq.heappop(todo)
            if cost != best[key, last] or (least is not None and cost > least):
                continue
            if key in bad:
                least = cost
                kinds.add(bad[key])
            cut_off = last in {agent for agent, _ in self.out[key]}
            for agent, there in self.out[key]:
                other = bool(last) and agent != last
                paid = (cost[0] + (other and cut_off), cost[1] + other, cost[2] + 1)
                if paid < best.get((there, agent), (1 << 60,)):
                    best[there, agent] = paid
                    heapq.heappush(todo, (paid, there, agent))
        return least, kinds


def kind_in(system, kind):
    """What a world alone can tell: not who has a semaphore's tags, nor who wrote over what on the way."""
    if kind == "orphan wait" and any(channel.lends for _, channel in system.channels):
        return "deadlock"
    return "wrong result" if kind == "lost update" else kind


def is_cat(agent):
    """The cat may come, and need not."""
    return agent.startswith("cat:")


def closure(after, start):
    """Everything that can be reached from there."""
    found, todo = {start}, [start]
    while todo:
        fresh = after[todo.pop()] - found
        found |= fresh
        todo += fresh
    return found


def no_return(plain, verdict, bad):
    """After how many steps of the failing wind no good ending can be reached any more."""
    hopeful = plain.leading_to(plain.ends - bad.keys())
    world = plain.system.start
    hopes = [repr(world) in hopeful]
    for gust in verdict.failure.wind:
        world = plain.system.do(world, gust).world
        hopes.append(repr(world) in hopeful)
    if hopes[-1]:
        return None
    return max((number for number, hope in enumerate(hopes, 1) if hope), default=0)


def told(verdict):
    failure = verdict.failure
    if failure is None:
        return verdict.word, None
    steps = len(failure.wind) if failure.loop is None else failure.loop
    return verdict.word, (failure.preemptions, failure.switches, steps)


def compare(system, **options):
    """The verdict, after every part of it was compared; None when the plain search would take too long."""
    plain = Plain(system)
    if not plain.whole:
        return None
    bad = plain.faults()
    verdict = check(system, Limits(states=10_000_000, seconds=600), **options)
    least, kinds = plain.cheapest(bad)
    assert told(verdict) == ("REFUTED" if bad else "PROVED", least)
    assert set(verdict.outcomes) == {outcome_of(system, plain.worlds[key]) for key in plain.ends}
    if verdict.failure:
        kind = kind_in(system, verdict.failure.kind)
        assert kind in kinds
        assert verdict.failure.no_return == no_return(plain, verdict, bad)
    if verdict.covered.startswith("all "):
        transitions = sum(map(len, plain.out.values()))
        counts = (len(plain.worlds), transitions, len(plain.ends), len(plain.ends & bad.keys()))
        assert (verdict.states, verdict.transitions, verdict.terminals, verdict.bad_terminals) == counts
        assert verdict.winds == plain.winds()
    return verdict


def an_office_that_may_go_round(seed):
    """Clerks who poll, retry and spin: most winds of these never end."""
    lines = [
        "while not k.acquire(False):\n        pass\n    v.value += 1\n    k.release()",
        "while v.value == {n}:\n        pass",
        "v.value = {n}",
        "while s.empty():\n        pass\n    deliver(s.get())",
        "s.put({n})",
        "while True:\n        v.value = 1 - v.value",
        "for n in range(2):\n        with k:\n            v.value += 1",
    ]
    chance = random.Random(f"round {seed}")
    scripts = {}
    for name in ("ada", "bob", "cyd")[: chance.randint(2, 3)]:
        body = [chance.choice(lines).format(n=chance.randint(0, 2)) for _ in range(chance.randint(1, 2))]
        scripts[name] = f"def {name}(k, v, s):\n" + "".join(f"    {line}\n" for line in body)
    channels = {"k": Lock(), "v": SharedValue(), "s": SimpleQueue(capacity=2)}
    win = chance.choice([[Log(())], [Bag((0,))], [Reads((("v", 1),))], [PeakAtMost(bounds=(("s", 1),))]])
    return a_system(scripts, channels, {name: {one: one for one in "kvs"} for name in scripts}, win=win)


def an_office_where_somebody_may_starve(seed):
    """Clerks who are served for ever, and one who waits among them."""
    chance = random.Random(f"hungry {seed}")
    lines = [
        "while True:\n        with k:\n            v.value = 1 - v.value",
        "k.acquire()\n    k.release()",
        "while True:\n        s.put(1)\n        s.get()",
        "deliver(s.get())",
        "with k:\n        s.put({n})",
        "while v.value == 0:\n        pass",
    ]
    scripts = {}
    for name in ("ada", "bob", "cyd")[: chance.randint(2, 3)]:
        body = [chance.choice(lines).format(n=chance.randint(0, 2)) for _ in range(chance.randint(1, 2))]
        scripts[name] = f"def {name}(k, v, s):\n" + "".join(f"    {line}\n" for line in body)
    channels = {"k": Lock(), "v": SharedValue(), "s": SimpleQueue(capacity=1)}
    gets = {name: {one: one for one in "kvs"} for name in scripts}
    return a_system(scripts, channels, gets, win=[NoStarvation(("ada",)), Bag(())])


OFFICES = {
    "random": random_system,
    "benched": benched_office,
    "napped": lambda seed: benched_office(seed, cat=True, lines=2),
    "families": random_family,
    "twins": twin_office,
    "rounds": an_office_that_may_go_round,
    "hungry": an_office_where_somebody_may_starve,
}


LOOPS = {"rounds": {"livelock"}, "hungry": {"starvation"}}


@pytest.mark.parametrize("office", OFFICES)
def test_every_part_of_a_verdict_is_what_the_plainest_search_says(office):
    verdicts = [compare(OFFICES[office](seed)) for seed in range(40)]
    words = [verdict.word for verdict in verdicts if verdict]
    assert len(words) > 20
    assert words.count("REFUTED") > 8
    assert LOOPS.get(office, set()) <= {one.failure.kind for one in verdicts if one and one.failure}


@pytest.mark.parametrize("office", OFFICES)
def test_so_it_is_where_orders_are_left_out_and_where_arrays_are_used(office, monkeypatch):
    """With looks so short that no space is walked whole at first."""
    for name, least in (("QUICK_LOOK", 1), ("FIRST_LOOK", 1), ("PLAIN_LOOK", 1), ("BROAD", 0)):
        monkeypatch.setattr(f"game.checker.check.{name}", least)
    verdicts = [compare(OFFICES[office](seed)) for seed in range(50, 80)]
    assert sum(verdict is not None for verdict in verdicts) > 15
