"""How many times faster everything goes."""

import os

TIMES = float(os.environ.get("FAULTS_TIMES", "20"))
