"""The ticket machine: the kiosk page that visitors touch, and the printer that gives them paper."""
