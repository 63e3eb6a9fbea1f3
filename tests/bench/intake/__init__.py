"""References as PDF text gives them, matched with and without their record in the catalogue."""
