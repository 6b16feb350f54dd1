resource "aws_elb" "myapp" {
  name         = "myapp"
  idle_timeout = 60
  listener {
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 80
    instance_protocol = "http"
  }
}
