"""Row "SLCP draws": ROWS joint draws in batches of 4096.

Usage: draw_slcp.py ROWS
"""

import sys

import slcp
import turns

BATCH = 4096
rows, = map(int, sys.argv[1:])
turns.take_turns(lambda: [slcp.draw(min(BATCH, rows - first)) for first in range(0, rows, BATCH)])
