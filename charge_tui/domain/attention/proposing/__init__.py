"""How proposals are found: what is known around a place, ways to change a reservation, and which of them help."""
