"""A new level for an author to start from: it works, it lints clean, and every part says what it is for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from game.authoring.schema import SCHEMA_FILE
from game.problems import Place, Problem, ProblemsFound


def write_template(path: Path, mode: str = "fix") -> None:
    """Write a new level of mode fix or build. Raises ProblemsFound where there is a file already, or none
    can be written."""
    if path.suffix not in (".yaml", ".yml"):
        raise _refused(path, f"a level file ends in .yaml; write {path.name}.yaml")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template(path, mode))
    except FileExistsError as error:
        raise _refused(path, "this is here already, and is left as it is") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(path, f"cannot be written: {reason}") from error


def template(path: Path, mode: str = "fix") -> str:
    """The text of a new level. A file called 31-mind-the-gap.yaml becomes level 3.1, Mind the Gap."""
    chapter, number, words = _name(path.stem)
    text = _TEMPLATE
    for name, part in _OFFICES[mode].items():
        text = text.replace(f"<<{name}>>", part.strip("\n"))
    return (
        text.replace("<<schema>>", _schema_for(path))
        .replace("<<id>>", f"{chapter}.{number}" if chapter else words.replace(" ", "-"))
        .replace("<<title>>", words.title())
    )


def _refused(path: Path, message: str) -> ProblemsFound:
    return ProblemsFound([Problem(Place(str(path)), "", message)])


def _name(stem: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(\d)(\d+)-?(.*)", stem)
    chapter, number, rest = found.groups() if found else ("", "", stem)
    return chapter, number, " ".join(re.findall(r"[A-Za-z0-9]+", rest)).lower() or "new level"


def _schema_for(path: Path) -> str:
    """The way from a level to the schema of the game it lies in; beside it, when it lies in none."""
    for folder in path.resolve().parents:
        schema = folder / "assets" / SCHEMA_FILE
        if schema.is_file():
            return Path(os.path.relpath(schema, path.resolve().parent)).as_posix()
    return SCHEMA_FILE


_TEMPLATE: Final = """\
# yaml-language-server: $schema=<<schema>>
#
# A level of The Draughty Post Office. This one works: play it, then change it piece by piece.
#
#   draughty play --watch THIS_FILE     see it, and see it change as you save
#   draughty lint --deep THIS_FILE      prove that it keeps what it promises
#   draughty schema > <<schema_name>>   what an editor needs to complete and check as you type
#
# The number, in quotes, and what stands on the door.
id: "<<id>>"
title: "<<title>>"

# What the player does:
#   code     write a script          parsons  put lines in order
#   fix      mend a script           wind     choose who moves when
#   config   set knobs               build    add parts and wires too
mode: <<mode>>

# Postmistress Joyn speaks: two to five short sentences, no wall of text.
story: |-
<<story>>

# One sentence: what exactly has to be done.
<<objective>>

# The ideas it is about, and what the player may write from here on.
<<teaches>>

# What the clerks share. Kinds: queue, simple_queue, pipe, value, array, lock.
<<channels>>

# The processes. `gets` says what each parameter of the script is given: a channel (belt), one end of a
# pipe (tube.a), another clerk ("@bob"), a number, or a text written as {text: apple}.
# With `started: false` a clerk waits until another clerk starts it.
clerks:
<<clerks>>

# What they do: one function a script, with the script's name. A plain text is the player's to change; a
# script with `editable: false` is not.
scripts:
<<scripts>>

# What must hold in every wind. Besides, nothing may be left in any channel.
#   log: [tea, cake]       delivered in this order      bag: [tea, cake]         in any order
#   value: {tally: 6}      what a board reads           peak_at_most: {belt: 3}  never more than so many
#   left_over: [belt]      what may be left after all
win:
  log: [tea, cake]

<<build>>

# With which other constants an answer must hold as well, so that nobody gets by with a number of today's:
<<cases>>
# Knobs for the player instead of a script, in mode config (what is written above is where they start):
#   slots: {room: {label: room on the belt, sets: belt.maxsize, options: [0, 1, 2]}}

# How far the checker looks, and how real runs are judged.
limits: {states: 100000, seconds: 5}
real: {runs: 20, timeout: 2}

# One star for an answer that holds. The others for one that is also small (statements) or quick (ticks).
<<stars>>

# From mild to plain: where to look, why it goes wrong, what to write.
hints:
<<hints>>

# What Joyn says once it is solved.
after: |-
  Both on the coach. That's what I call a morning!

# The level's promises. The starter above must fail. The reference must hold in every wind and on real
# processes. Every wrong answer, the ones people really try, must fail in the way it says:
#   deadlock, orphan wait, exception, lost update, wrong result, out of order, lost token,
#   duplicated token, overflow, livelock, limit, incomplete
answers:
<<answers>>
""".replace("<<schema_name>>", SCHEMA_FILE)

_FIX: Final = {
    "mode": "fix",
    "story": """
  Ada has two parcels for the early coach. Bob carries them out, but he always comes back after the first.
  The second one is still on the belt when we lock up!
""",
    "objective": "objective: Make bob deliver both parcels.",
    "teaches": """
teaches: [loops, counting]
unlocks: ["for turn in range(2):"]
""",
    "channels": """
channels:
  belt: {kind: queue}
""",
    "clerks": """
  ada: {script: ada, gets: {belt: belt}}
  bob: {script: bob, gets: {belt: belt}}
""",
    "scripts": """
  ada:
    editable: false
    text: |-
      def ada(belt):
          belt.put("tea")
          belt.put("cake")
  bob: |-
    def bob(belt):
        # Take each parcel from the belt and deliver it.
        parcel = belt.get()
        deliver(parcel)
""",
    "build": """
# In mode build, what may be added to the office, and who may be given it:
#   build: {tray: {lock: {}, queue: {most: 1, options: {maxsize: [1, 2]}}}, parts: 2, wires: {ada: [queue]}}
""",
    "cases": """
#   cases: [{name: three parcels, sets: {ada.parcels: 3}, win: {bag: [tea, cake, jam]}}]
""",
    "stars": """
stars: {two: {statements: 3}, three: {statements: 2}}
""",
    "hints": """
  - Count the parcels that ada puts on the belt.
  - Two `put()` need two `get()`.
  - "Write `for turn in range(2):` above bob's two lines, and push them in."
""",
    "answers": """
  reference:
    scripts:
      bob: |-
        def bob(belt):
            for turn in range(2):
                deliver(belt.get())
  wrong:
    - name: waits-for-a-third-parcel
      expect: orphan wait
      scripts:
        bob: |-
          def bob(belt):
              for turn in range(3):
                  deliver(belt.get())
    - name: looks-and-goes-on
      expect: exception
      scripts:
        bob: |-
          def bob(belt):
              for turn in range(2):
                  deliver(belt.get_nowait())
""",
}

_BUILD: Final = {
    "mode": "build",
    "story": """
  Ada has two parcels for the early coach, and Bob stands ready to carry them out. But there's nothing between
  the two of them! Take something from the tray, and give it to both.
""",
    "objective": "objective: Build a way from ada to bob, so that both parcels are delivered in their order.",
    "teaches": """
teaches: [building, queues]
""",
    "channels": """
channels: {}
""",
    "clerks": """
  ada: {script: ada, gets: {first: {text: tea}, second: {text: cake}}}
  bob: {script: bob}
""",
    "scripts": """
  ada: |-
    def ada(first, second):
        # Hand both parcels to bob, the first one first.
        pass
  bob: |-
    def bob():
        # Take what ada hands over, and deliver it.
        pass
""",
    "build": """
# What the player may add: the kinds in the tray, how many of each (most), and what may be set of it (a new
# part has the first). `parts` is how many in all, `ways` how many things clerks are given besides in all.
# `wires` says who may be given what; left out, everybody whose script may be changed is given anything built.
build:
  tray:
    queue: {most: 1, options: {maxsize: [0, 1]}}
    event: {}
  parts: 2
  wires: {ada: [queue, event], bob: [queue, event]}
""",
    "cases": """
cases:
  - name: two other parcels
    sets: {ada.first: {text: jam}, ada.second: {text: bread}}
    win: {log: [jam, bread]}
""",
    "stars": """
stars: {two: {parts: 1}, three: {statements: 4}}
""",
    "hints": """
  - What ada puts on a belt, bob can take from it.
  - Two `put()` need two `get()`.
  - "Add a queue, give it to ada and to bob, and write `belt.put(first)` and `deliver(belt.get())`."
""",
    "answers": """
  reference:
    parts: {belt: {kind: queue}}
    gets: {ada: {belt: belt}, bob: {belt: belt}}
    scripts:
      ada: |-
        def ada(first, second, belt):
            belt.put(first)
            belt.put(second)
      bob: |-
        def bob(belt):
            deliver(belt.get())
            deliver(belt.get())
  wrong:
    - name: leaves-one-on-the-belt
      expect: lost token
      parts: {belt: {kind: queue}}
      gets: {ada: {belt: belt}, bob: {belt: belt}}
      scripts:
        ada: |-
          def ada(first, second, belt):
              belt.put(first)
              belt.put(second)
        bob: |-
          def bob(belt):
              deliver(belt.get())
    - name: looks-and-goes-on
      expect: exception
      parts: {belt: {kind: queue}}
      gets: {ada: {belt: belt}, bob: {belt: belt}}
      scripts:
        ada: |-
          def ada(first, second, belt):
              belt.put(first)
              belt.put(second)
        bob: |-
          def bob(belt):
              deliver(belt.get_nowait())
              deliver(belt.get_nowait())
""",
}

_OFFICES: Final = {"fix": _FIX, "build": _BUILD}
"""What differs in the template, by the level's mode."""
