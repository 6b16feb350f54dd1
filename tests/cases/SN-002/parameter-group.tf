resource "aws_db_parameter_group" "app" {
  name   = "app-postgres15"
  family = "postgres15"
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
}
resource "aws_db_instance" "app" {
  identifier           = "app"
  engine               = "postgres"
  engine_version       = "15"
  instance_class       = "db.m5.large"
  parameter_group_name = aws_db_parameter_group.app.name
  multi_az             = true
  storage_encrypted    = true
  publicly_accessible  = false
}
