"""The ledger: every visit of the district once, followed from the halls' journals.

`collect` follows the halls, `facts` says what an event counts, `book` keeps it with how far each hall has been read,
`store` is the database, `account` adds up a month, `shown` prints it.
"""
