"""Every link of a page to a file of this repository, and to a heading of one,
leads somewhere."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(text):
    """What a heading is called in a link."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in headings}


class LinksTest(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        for page in pages:
            for path, anchor in LINK.findall(page.read_text()):
                target = (page.parent / path).resolve() if path else page
                with self.subTest(page=page.name, link=f"{path}#{anchor}"):
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(target.read_text()))


if __name__ == "__main__":
    unittest.main()
