"""Give each number its measure, statistic and time point, one kind of wording a module."""
