"""The two moons by way of files: two_moons_hdf5.py INPUT OUTPUT."""
import sys

import h5py

from two_moons import simulate_rows

with h5py.File(sys.argv[1]) as rows:
    x = simulate_rows(rows["theta"][:], rows["row_seeds"][:])
with h5py.File(sys.argv[2], "w") as answer:
    answer["x"] = x
