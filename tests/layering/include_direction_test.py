"""A folder of src/ includes only itself and the folders above it."""

import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# From the bottom up; docs/architecture.md says what each holds.
LAYERS = [
    "base", "secret", "document", "policy", "treatment", "record",
    "quarantine", "engine", "generate", "files", "observe", "kafka", "replay", "measure", "cli",
]
# What the public headers may show of src/.
PUBLIC_MAY_INCLUDE = ["base"]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def wrong_arrows(root):
    """Texts "file:line: includes X" for every include in the wrong direction."""
    findings = []
    for path in sorted(root.glob("src/*/**/*.*")) + sorted(root.glob("include/**/*.h")):
        if path.suffix not in (".h", ".cc"):
            continue
        relative = path.relative_to(root)
        layer = relative.parts[1]
        if layer == "nymstream":
            allowed = PUBLIC_MAY_INCLUDE
        elif layer in LAYERS:
            allowed = LAYERS[: LAYERS.index(layer) + 1]
        else:
            findings.append(f"{relative}: folder '{layer}' has no place in the order")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match.group(1).split("/")[0]
            # What is no layer is a library of others.
            if target in LAYERS and target not in allowed:
                findings.append(f"{relative}:{number}: includes {match.group(1)}")
    return findings


class IncludeDirectionTest(unittest.TestCase):
    def test_every_include_points_to_a_layer_above(self):
        self.assertTrue(list(ROOT.glob("src/base/*.cc")), "no sources found")
        self.assertEqual(wrong_arrows(ROOT), [])

    def test_a_wrong_arrow_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src/policy").mkdir(parents=True)
            (root / "src/policy/a.cc").write_text(
                '#include "base/check.h"\n#include "engine/walker.h"\n')
            (root / "src/misc").mkdir()
            (root / "src/misc/b.h").write_text("\n")
            self.assertEqual(wrong_arrows(root), [
                "src/misc/b.h: folder 'misc' has no place in the order",
                "src/policy/a.cc:2: includes engine/walker.h",
            ])


if __name__ == "__main__":
    unittest.main()
