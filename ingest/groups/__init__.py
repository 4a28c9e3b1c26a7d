"""Find the groups of patients that a text names, how many each holds, and which one a number is of."""
