"""Receipts and the papers that travel for them: looked up, handed out, sent and received; for clerk and reception."""
