"""Staff extracts, person by person: their columns, the reader, and the counting of people by month."""
