"""aiomysql: its pool of connections to MySQL."""
