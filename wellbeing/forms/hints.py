"""What stands below every box for free words in well-being."""

# None of it is asked for anywhere, and what is not written cannot be read by anybody.
NO_DIAGNOSES = "Leave out diagnoses, medication and stays in hospital."
