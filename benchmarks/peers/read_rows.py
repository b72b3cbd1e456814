"""Row "reading": h5py reads theta and x of FILE, CHUNK rows at a time.

Usage: read_rows.py FILE CHUNK
"""

import sys
import time

import h5py

path, chunk = sys.argv[1], int(sys.argv[2])
print(f"h5py {h5py.__version__}", flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    with h5py.File(path) as file:
        for first in range(0, len(file["x"]), chunk):
            file["theta"][first:first + chunk], file["x"][first:first + chunk]
    print(time.perf_counter() - begin, flush=True)
