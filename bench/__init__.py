"""Benchmarks: `make bench`. A bound is a ratio to `floor` in the same run, never a bare time."""
