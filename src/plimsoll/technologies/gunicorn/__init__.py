"""gunicorn: Python web workers behind one master."""
