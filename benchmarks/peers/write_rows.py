"""Row "writing": h5py writes the rows of SOURCE to FILE, CHUNK at a time, and syncs them; then digests them too.

Usage: write_rows.py SOURCE FILE CHUNK
Prints two numbers for each turn: seconds to have written, and to have digested as well.
"""

import hashlib
import os
import sys
import time

import h5py

source, path, chunk = sys.argv[1], sys.argv[2], int(sys.argv[3])
with h5py.File(source) as file:
    rows = {name: file[name][:] for name in ("theta", "x")}
print(f"h5py {h5py.__version__}", flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    with h5py.File(path, "w") as file:
        made = {name: file.create_dataset(name, values.shape, "f4", chunks=(chunk, *values.shape[1:]))
                for name, values in rows.items()}
        for first in range(0, len(rows["x"]), chunk):
            for name, values in rows.items():
                made[name][first:first + chunk] = values[first:first + chunk]
    with open(path, "r+b") as file:
        os.fsync(file.fileno())
    written = time.perf_counter() - begin
    for values in rows.values():
        hashlib.sha256(values).digest()
    print(written, time.perf_counter() - begin, flush=True)
