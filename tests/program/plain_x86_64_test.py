"""The program runs on any x86-64 machine, not only on the one that built it.

Goal: no compiler flag chooses a newer CPU, and no instruction beyond the x86-64
baseline (SSE2) is in the program. Libraries choose by the CPU they find.
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


def main():
    build, program = sys.argv[1:3]
    commands = json.loads(
        (pathlib.Path(build) / "compile_commands.json").read_text())
    flags = {flag[0].strip() for command in commands
             if (flag := FLAG.search(command["command"]))}
    code = subprocess.run(
        ["objdump", "--disassemble", "--no-show-raw-insn", program], check=True,
        capture_output=True, text=True).stdout
    newer = {found[1] for found in NEWER.finditer(code)}
    print(f"{len(commands)} compiler calls, {code.count(chr(10))} instructions")
    for each in sorted(flags | newer)[:20]:
        print("needs a newer CPU:", each)
    return 1 if flags or newer else 0


if __name__ == "__main__":
    sys.exit(main())
