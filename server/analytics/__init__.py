"""What is tapped, where and when."""
