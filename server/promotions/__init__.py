"""Promotions and the true price."""
