"""What is learnt from incidents: rules that would have caught them, and past ones that are alike."""
