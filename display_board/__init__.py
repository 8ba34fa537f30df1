"""What the hall shows and says: the board, the counter displays, the phone page, the voice."""
