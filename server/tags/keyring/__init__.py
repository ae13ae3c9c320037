"""The keys that tags sign with, kept sealed."""
