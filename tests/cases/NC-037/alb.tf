resource "aws_lb" "cms" {
  name               = "dsva-vagov-prod-cms"
  load_balancer_type = "application"
  idle_timeout       = 1800
}
