"""`python -m gan1d` is `gan1d`."""

import sys

from gan1d.cli import main

sys.exit(main())
