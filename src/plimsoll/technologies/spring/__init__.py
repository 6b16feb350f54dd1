"""Spring Boot: the properties of an application and of the server inside of it."""
