"""The wheel holds the page, and installed alone it answers and serves it."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

DIST, HOME = Path(sys.argv[1]), Path(sys.argv[2])


def main() -> None:
    (wheel,) = DIST.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = ("glossary.toml", "gallery/presets.toml", "gallery/measured.json", "words/de/page.json", "py.typed")
    for wanted in (f"gan1d/{name}" for name in ("static/index.html", "static/js/main.js", *data)):
        if wanted not in names:
            raise SystemExit(f"Expected {wanted} in {wheel.name}")
    strays = sorted(name for name in names if not name.startswith(("gan1d/", "gan1d-")))
    if strays:
        raise SystemExit(f"Expected nothing outside gan1d/ in {wheel.name}, but got {strays}")
    venv.create(HOME, with_pip=True)
    subprocess.run([HOME / "bin/pip", "install", "-q", wheel], check=True)
    version = subprocess.run(
        [HOME / "bin/gan1d", "--version"], cwd=HOME, check=True, capture_output=True, text=True
    ).stdout.strip()
    if wheel.name.split("-")[1] not in version:
        raise SystemExit(f"Expected the version in {wheel.name}, but got {version!r}")
    code = "from gan1d.replay.page_directory import static_dir; print((static_dir() / 'index.html').read_text()[:15])"
    subprocess.run([HOME / "bin/python", "-c", code], cwd=HOME, check=True)
    print(f"{wheel.name}: {len(names)} files, answers {version!r}")


if __name__ == "__main__":
    main()
