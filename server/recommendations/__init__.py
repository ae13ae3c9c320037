"""What goes with a product, learned from the timeline."""
