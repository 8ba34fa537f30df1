"""The kiosk page: a visitor takes a ticket by touch."""
