"""What both terminals are built of."""
