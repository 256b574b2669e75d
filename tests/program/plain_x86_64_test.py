"""The program runs on any x86-64 machine, not only on the one that built it.

Goal: no compiler flag chooses a newer CPU, and no instruction beyond the x86-64
baseline (SSE2) is in the program, but for the functions of CHOSEN, which it calls
on a CPU that has what they need. Libraries choose by the CPU they find too.
Usage: plain_x86_64_test.py BUILD_FOLDER PROGRAM
"""

import json
import pathlib
import re
import subprocess
import sys

FLAG = re.compile(r"\s-m(arch|tune|cpu|sse[34]|ssse|avx|bmi|aes|pclmul|popcnt)\S*")
# tzcnt is left out: older CPUs read it as bsf, and compilers mean that.
NEWER = re.compile(
    r"\t(v[a-z0-9]+ .*%[xyz]mm.*|(popcnt|lzcnt|andn|bextr|blsi|blsr|bzhi|mulx|pdep"
    r"|pext|rorx|sarx|shlx|shrx|crc32|movbe|pshufb|palignr|pmaddubsw|pcmp[ei]str[im]"
    r"|ptest|pmulld|pminud|pmaxud|aes(enc|dec|imc|keygen)\w*|pclmul\w+|sha(1|256)\w+"
    r"|lddqu|haddp[sd]|movddup|movshdup)[lqw]? .*)$", re.MULTILINE)

CHOSEN = re.compile(
    r"^[0-9a-f]+ <nymstream::\(anonymous namespace\)::(avx2|avx512)::IndexQuotes\(.*>:$")


def functions(program):
    """The program's machine code, function by function, each with its name."""
    code = subprocess.run(
        ["objdump", "--disassemble", "--demangle", "--no-show-raw-insn", program],
        check=True, capture_output=True, text=True).stdout
    return code.split("\n\n")


def main():
    build, program = sys.argv[1:3]
    commands = json.loads(
        (pathlib.Path(build) / "compile_commands.json").read_text())
    flags = {flag[0].strip() for command in commands
             if (flag := FLAG.search(command["command"]))}
    newer = set()
    chosen = lines = 0
    for function in functions(program):
        lines += function.count("\n")
        if CHOSEN.match(function.split("\n", 1)[0]):
            chosen += 1
        else:
            newer |= {found[1] for found in NEWER.finditer(function)}
    print(f"{len(commands)} compiler calls, {lines} instructions, "
          f"{chosen} functions for newer CPUs")
    for each in sorted(flags | newer)[:20]:
        print("needs a newer CPU:", each)
    return 1 if flags or newer else 0


if __name__ == "__main__":
    sys.exit(main())
