"""Credit ratings of applicants, asked of whoever keeps such a register; see docs/acceptance.md."""
