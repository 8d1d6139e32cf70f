"""The directory of the page's files."""

from pathlib import Path


def static_dir() -> Path:
    """Directory of the page: inside the package in a wheel, beside the package in a checkout.

    Raises:
        FileNotFoundError: The page is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for place in (package / "static", package.parent / "static"):
        if (place / "index.html").is_file():
            return place
    raise FileNotFoundError("The page's files are missing: install gan1d again.")
