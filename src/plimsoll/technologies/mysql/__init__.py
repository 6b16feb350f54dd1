"""MySQL and MariaDB: my.cnf and what it includes, mysqld-auto.cnf, the server's command line."""
