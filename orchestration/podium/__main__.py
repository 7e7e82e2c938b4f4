"""``python -m podium``."""

import sys

from podium.cli.__main__ import main

sys.exit(main())
