"""What `deploy/bench reader` measures, a file for each kind of figure."""
