"""The partnership: rounds in which an X is found, what each side agrees to, the pledge, and the minutes of all that."""
