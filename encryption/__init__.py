"""Text that only this application can read: encrypted columns. See docs/decisions/0012."""
