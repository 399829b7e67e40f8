"""The work experience programme: who was placed where, what became of them, and what was done to make it so."""
