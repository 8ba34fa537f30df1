"""The decision core of a hall: pure, so that a restart, a rehearsal and a proof all run the very same code."""
