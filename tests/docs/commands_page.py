"""docs/commands.md, made from what --help prints.

Usage: commands_page.py PROGRAM          prints the page
       commands_page.py PROGRAM PAGE     fails if PAGE is not current
"""

import pathlib
import re
import subprocess
import sys

HEAD = """# Commands

Generated from `--help`; a test keeps this page current. To write it anew:
`python3 tests/docs/commands_page.py build/release/bin/nymstream > docs/commands.md`
"""


def help_text(program, command):
    return subprocess.run(
        [program, *command, "--help"], check=True, capture_output=True,
        text=True).stdout.strip()


def subcommands(text):
    """Names under "Subcommands:" in a help text."""
    _, _, tail = text.partition("Subcommands:\n")
    return re.findall(r"^  (\w[\w-]*)", tail, re.MULTILINE)


def sections(program, command):
    text = help_text(program, command)
    name = " ".join(["nymstream", *command])
    yield f"\n## {name}\n\n```text\n{text}\n```\n"
    for child in subcommands(text):
        yield from sections(program, [*command, child])


def page(program):
    return HEAD + "".join(sections(program, []))


def main():
    text = page(sys.argv[1])
    if len(sys.argv) == 2:
        print(text, end="")
        return 0
    if pathlib.Path(sys.argv[2]).read_text() == text:
        return 0
    print(f"{sys.argv[2]} is not what --help says; its head tells how to mend it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
