"""The manager's console: the whole hall on one screen, what comes, and every act of a manager on one key."""
