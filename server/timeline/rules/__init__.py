"""What other makers' messages mean as events of ours. Pure."""
