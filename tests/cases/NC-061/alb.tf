resource "aws_lb" "admin" {
  name               = "admin"
  load_balancer_type = "application"
  internal           = false
}

resource "aws_lb_target_group" "admin" {
  name                 = "admin"
  port                 = 6012
  protocol             = "HTTP"
  target_type          = "ip"
  deregistration_delay = 30
  health_check {
    path = "/_status?simple=true"
  }
}
