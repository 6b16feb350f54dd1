"""What a postmortem should not lack, contradict or blame: rules PM001 to PM509, and their findings."""
