"""The ticket printer: paper for each ticket of its kiosk, once."""
