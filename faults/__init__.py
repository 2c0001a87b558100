"""Faults on purpose: `make faults`. Real servers and processes, killed, frozen and wiped."""
