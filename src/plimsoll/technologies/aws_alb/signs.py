"""What the load balancers of AWS are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.tf", "*.tfvars", "*.tf.json", "*.yaml", "*.yml", "*.template", "*.json"),
    holds=(
        r'"aws_(?:lb|alb|elb)(?:_target_group|_listener)?"|AWS::ElasticLoadBalancing'
        r"|aws-load-balancer-connection-idle-timeout|alb\.ingress\.kubernetes\.io/(?:load-balancer|target-group)-attributes"
    ),
    aliases=("aws-elb", "aws-nlb", "aws-lb", "elb", "alb", "nlb"),
)
