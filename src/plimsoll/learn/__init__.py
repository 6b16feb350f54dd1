"""What incidents teach: postmortems read, checked, written, measured and found again."""
