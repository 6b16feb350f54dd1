"""uvicorn: Python's ASGI server, by its own command line, that of FastAPI, or from code."""
