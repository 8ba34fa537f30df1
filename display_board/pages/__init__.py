"""`hall board`: the board, the small display above each counter, and the phone page."""
