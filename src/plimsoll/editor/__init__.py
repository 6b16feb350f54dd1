"""The language server: what a check finds, in the editor, while the file is written."""
