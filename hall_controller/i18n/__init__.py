"""What people read: one function for each kind of value, in Chinese and English, for every surface."""
