"""`draughty shot`: a picture of any scene, without a display."""

from __future__ import annotations

from pathlib import Path

import click

from game.desktop.shot import SCENES


@click.command(
    help=f"""Draw a scene into a PNG file. No display is needed.

    Scenes: {", ".join(SCENES)}.
    """
)
@click.argument("scene")
@click.argument("level", default="")
@click.option("--answer", default="", metavar="ANSWER", help="The answer in the editor, and in the film.")
@click.option("--step", type=click.IntRange(0), help="The moment after this many steps.")
@click.option(
    "-o", "--output", default="shot.png", metavar="PNG", help="Where the picture goes (default: shot.png)."
)
@click.option("--scale", type=click.FloatRange(0.75, 2.5), default=1.0, help="How large everything is drawn.")
@click.option("--size", default="1280x720", metavar="WxH", help="The window's size (default: 1280x720).")
@click.option("--language", default="en", metavar="CODE", help="The language, such as de (default: en).")
@click.option("--palette", default="paper", help="The colours: paper, contrast or safe (default: paper).")
@click.option(
    "--text-scale", type=click.FloatRange(0.85, 1.3), default=1.0, help="How large letters are besides."
)
@click.pass_obj
def command(
    plugins: tuple[str, ...],
    scene: str,
    level: str,
    answer: str,
    step: int | None,
    output: str,
    scale: float,
    size: str,
    language: str,
    palette: str,
    text_scale: float,
) -> int:
    from game.cli.find import answer_named, level_named, registry_with

    width, _, height = size.partition("x")
    if not (
        width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 4320
    ):
        raise click.BadParameter(f"{size!r} is no size; write it as 1280x720", param_hint="--size")
    registry = registry_with(plugins)
    found = level_named(level, registry) if level else None
    chosen = answer_named(answer, found) if found else None
    if answer and found is None:
        raise click.UsageError("--answer needs the level it answers")
    from game.catalogues import languages
    from game.desktop.settings import PALETTES, Settings
    from game.desktop.shot import shot

    for value, known, option in ((language, languages(), "--language"), (palette, PALETTES, "--palette")):
        if value not in known:
            raise click.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=option)

    shot(
        scene,
        Path(output),
        registry=registry,
        level=found,
        answer=chosen,
        step=step,
        scale=scale,
        settings=Settings(language=language, palette=palette, text_scale=text_scale),
        size=(int(width), int(height)),
    )
    click.echo(output)
    return 0
