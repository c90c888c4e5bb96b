"""Export: all that the platform holds of one person, from the declarations, as one file to hand over."""
