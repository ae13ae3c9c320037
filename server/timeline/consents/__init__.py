"""What shoppers agree to, and what had been agreed to when something happened."""
