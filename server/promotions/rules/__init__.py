"""Prices and promotions decided: pure rules, no clock, no database."""
