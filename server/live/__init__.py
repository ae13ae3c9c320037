"""What happens now, over all channels, on a page: for who has to see that the shop's parts work together."""
