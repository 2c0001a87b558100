"""Reading a trust's spreadsheet: bytes → rows → columns → values → what would change.

Nothing here touches the database; `programme.actions.imports` brings what is recorded and writes
what was planned.
"""
