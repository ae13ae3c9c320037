"""What the benchmarks of prices are made of: a chain of any size, and longer sweeps."""
