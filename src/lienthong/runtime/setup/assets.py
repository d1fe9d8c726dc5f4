"""Fetches the front-end packages named in package.json and puts the few files that pages use under static files.

Nothing of third parties is committed: versions are locked in package-lock.json, the files are copied at set-up.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
VENDOR = ROOT / "src" / "lienthong" / "look" / "static" / "vendor"
MODULES = ROOT / "node_modules"

FONT = "be-vietnam-pro"
WEIGHTS = (400, 500, 600, 700)
SUBSETS = ("latin", "latin-ext", "vietnamese")
DIGIT_WIDTH = 650
"""Width of each digit in font units: the family's own digits are of uneven width, and columns of numbers dance."""

FILES = {
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "pdfjs-dist/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
    "pdfjs-dist/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
    "axe-core/axe.min.js": "test/axe.min.js",
}


def main() -> None:
    """Make the static files of third parties what package-lock.json says; do nothing when they are."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = VENDOR / ".made-from"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Fetching the front-end packages …", flush=True)
    _install_packages()
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        _copy(MODULES / source, VENDOR / target)
    for folder in ("wasm", "standard_fonts"):
        if (MODULES / "pdfjs-dist" / folder).exists():
            shutil.copytree(MODULES / "pdfjs-dist" / folder, VENDOR / "pdfjs" / folder)
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"{FONT}-{subset}-{weight}-normal.woff2"
            _copy(MODULES / "@fontsource" / FONT / "files" / name, VENDOR / FONT / name)
    for weight in (400, 500, 600):
        _make_even_digits(weight)
    stamp.write_text(wanted)


def _install_packages() -> None:
    """`npm ci`, with the machine's Node.js or the one of the wheel."""
    npm = [shutil.which("npm")] if shutil.which("npm") and shutil.which("node") else _npm_of_wheel()
    command = [*(part for part in npm if part), "ci", "--omit=optional", "--no-progress", "--loglevel=error"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The front-end packages could not be fetched:\n{done.stderr.strip()[-1500:]}")


def _npm_of_wheel() -> list[str | None]:
    scripts = Path(sysconfig.get_path("scripts"))
    if not (scripts / "npm").exists():
        sys.exit("Node.js is missing: apt-get install nodejs npm, or install lienthong[demo], which brings it.")
    return [str(scripts / "npm")]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _make_even_digits(weight: int) -> None:
    """Write a font of the ten digits only, each centred on one width."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(VENDOR / FONT / f"{FONT}-latin-{weight}-normal.woff2")
    cutter = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[], notdef_outline=True))
    cutter.populate(text="0123456789")
    cutter.subset(font)
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    for name, (advance, bearing) in list(metrics.items()):
        if name == ".notdef":
            continue
        shift = (DIGIT_WIDTH - advance) // 2
        glyph = glyphs[name]
        glyph.expand(glyphs)
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (DIGIT_WIDTH, bearing + shift)
    font.flavor = "woff2"
    font.save(VENDOR / FONT / f"digits-{weight}.woff2")


if __name__ == "__main__":
    main()
