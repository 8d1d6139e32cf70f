"""The program: `gan1d` and `python -m gan1d`."""

import sys

from gan1d.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
