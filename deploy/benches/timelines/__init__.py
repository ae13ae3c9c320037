"""The parts of `deploy/bench timeline`."""
