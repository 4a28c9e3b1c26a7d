"""What the README lists is what there is: formats and commands are generated, and checked here.

Run ``python tests/test_readme.py`` to write the generated parts anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from click import Context, Group

from ingest.formats import formats
from kb.cli import main
from kb.export import standards
from kb.styles import styles

README = Path(__file__).resolve().parents[1] / "README.md"


def _formats() -> str:
    lines = [
        f"- `{name}`: {(module.__doc__ or '').splitlines()[0].removeprefix('Read ').rstrip('.')}"
        for name, module in formats().items()
    ]
    return "\n".join(lines)


def _commands() -> str:
    assert isinstance(main, Group)
    context = Context(main)
    lines = []
    for name in sorted(main.commands):
        command = main.commands[name]
        usage = " ".join(
            piece
            for piece in command.collect_usage_pieces(
                Context(command, parent=context, info_name=name)
            )
            if piece != "[OPTIONS]"
        )
        lines.append(
            f"- `kb {name}{' ' + usage if usage else ''}`: {(command.help or '').split(chr(10) + chr(10))[0]}"
        )
    return "\n".join(" ".join(line.split()) for line in lines)


def _styles() -> str:
    lines = [
        f"- `{each.name}`: {each.words}" + (f" (`.{each.ending}`)" if each.ending else "")
        for each in styles().values()
    ]
    return "\n".join(lines)


def _standards() -> str:
    return "\n".join(
        f"- `kb export {each.name} [{each.subject.upper()}]`: {each.words}"
        for each in standards().values()
    )


def _filled(text: str) -> str:
    parts = {
        "formats": _formats(),
        "commands": _commands(),
        "styles": _styles(),
        "standards": _standards(),
    }
    for name, body in parts.items():
        text = re.sub(
            rf"(?s)(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, body=body: f"{match[1]}{body}\n{match[2]}",
            text,
        )  # type: ignore[misc]
    return text


def test_generated_parts_are_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert _filled(text) == text, "run: python tests/test_readme.py"


def test_every_option_has_help() -> None:
    for command in main.commands.values():
        assert command.help
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), (
                command.name,
                parameter.name,
            )


if __name__ == "__main__":
    README.write_text(_filled(README.read_text(encoding="utf-8")), encoding="utf-8")
