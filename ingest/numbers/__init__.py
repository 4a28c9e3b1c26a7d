"""Find the number expressions of clinical prose and its time points; attach nothing."""
