"""Longer sweeps of `deploy/bench prices`."""
