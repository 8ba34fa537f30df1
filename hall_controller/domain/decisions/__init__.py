"""What each command leads to: one function a command, grouped by who sends it."""
