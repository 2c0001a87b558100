"""Benchmarks: `make bench`. A bound is a ratio to `floor` in the same run, never a bare time."""

import datetime as dt

# How long ago the last sessions were of those who get one more each time, a day later.
SAVED_FROM = dt.timedelta(days=1000)
