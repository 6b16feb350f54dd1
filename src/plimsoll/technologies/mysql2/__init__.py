"""mysql2: pools of connections of Node services to MySQL."""
