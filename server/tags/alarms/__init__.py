"""What is noticed about tags that may not be what they seem, for the manager."""
