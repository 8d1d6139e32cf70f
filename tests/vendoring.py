"""Check files that were copied from a package against what was published, or copy them again.

    npm pack reveal.js@6.0.2
    python tests/vendoring.py examples/deck/vendor/reveal.js/VENDOR.json reveal.js-6.0.2.tgz

`--write` copies the listed files from the archive. Needs no network: the archive is on disk by then.
"""

import argparse
import base64
import hashlib
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def records() -> list[Path]:
    """Every VENDOR.json of the project."""
    return sorted(path for top in ("examples", "static") for path in (ROOT / top).rglob("VENDOR.json"))


def load(record: Path) -> dict[str, Any]:
    return json.loads(record.read_text("utf-8"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def differences_on_disk(record: Path) -> list[str]:
    """Sentences about files that are missing, changed or not listed; empty when the copy is faithful."""
    listed = load(record)["files"]
    home = record.parent
    present = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    said = [f"{name} is not listed" for name in sorted(present - set(listed) - {record.name})]
    said += [f"{name} is missing" for name in sorted(set(listed) - present)]
    for name in sorted(present & set(listed)):
        if sha256((home / name).read_bytes()) != listed[name]:
            said.append(f"{name} was changed")
    return said


def open_archive(archive: Path, integrity: str) -> tarfile.TarFile:
    """The package archive, once its hash is what the registry published."""
    algorithm, _, expected = integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if found != expected:
        raise ValueError(f"Expected {archive.name} to have {integrity}, but got {algorithm}-{found}")
    return tarfile.open(archive)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare vendored files with the package they came from.")
    parser.add_argument("record", type=Path)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--write", action="store_true", help="copy the files and rewrite their hashes")
    options = parser.parse_args(argv)
    vendored = load(options.record)
    said = []
    with open_archive(options.archive, vendored["integrity"]) as archive:
        for name in vendored["files"]:
            member = archive.extractfile(f"package/{name}")
            data = member.read() if member else b""
            copy = options.record.parent / name
            if options.write:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(data)
                vendored["files"][name] = sha256(data)
            elif not copy.is_file() or copy.read_bytes() != data:
                said.append(f"{name} differs from the package")
    if options.write:
        options.record.write_text(json.dumps(vendored, indent=2) + "\n", "utf-8")
    sys.stdout.write("\n".join(said or ["as published"]) + "\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
