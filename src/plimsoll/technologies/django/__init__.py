"""Django: the settings of an application that runs in some web server."""
