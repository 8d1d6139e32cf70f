"""The program: `gan1d`, and `python -m gan1d`. Ctrl-C ends it in one line, also while the server is being imported.

Python imports the package, and numpy with it, before it reads a line of this: until then an interrupt is a traceback.
"""

import sys

from gan1d.streams import INTERRUPTED, complain

try:
    from gan1d.cli import main
except KeyboardInterrupt:
    complain("gan1d: interrupted")
    sys.exit(INTERRUPTED)

if __name__ == "__main__":
    sys.exit(main())
