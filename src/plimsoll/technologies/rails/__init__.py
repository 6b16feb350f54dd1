"""Rails: the configuration of an application that runs in some Ruby server."""
