"""Load balancers of AWS in Terraform, CloudFormation and what configures CDK."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import SECONDS, Amount
from plimsoll.model.setting import Setting, Status, Unknown, Unread, Value
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.aws_alb.reader import READER
from support.counts import drawn
from support.places import wrong_places

ALB = technology("aws-alb")
assert ALB is not None
DESCRIBED = ALB.schema
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
TERRAFORM = """variable "idle" {
  type    = number
  default = 120
}
resource "aws_lb" "front" {
  name               = "front-${var.stage}"
  load_balancer_type = "application" # the usual
  idle_timeout       = var.idle
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
resource "aws_lb_target_group" "app" {
  deregistration_delay = 30
  health_check { interval = 10 }
}
resource "aws_s3_bucket" "logs" {}
"""
TEMPLATE = """Resources:
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: application
      Subnets: !Ref Subnets
      LoadBalancerAttributes:
        - Key: idle_timeout.timeout_seconds
          Value: "90"
        - Key: client_keep_alive.seconds
          Value: !Ref Keep
  App:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      HealthCheckIntervalSeconds: 10
      TargetGroupAttributes:
        - {Key: deregistration_delay.timeout_seconds, Value: "45"}
"""


def settle(*files: tuple[str, str]) -> list[Setting]:
    found = [s for path, text in files for s in READER.read(text, path) if isinstance(s, Setting)]
    return settled(READER, DESCRIBED, found)


def held(*files: tuple[str, str]) -> dict[str, Value | None]:
    return {s.name: s.value for s in settle(*files) if s.status is Status.EFFECTIVE}


def seconds(number: int) -> Amount:
    return Amount.of(number, SECONDS)


def test_terraform() -> None:
    found = held(("alb.tf", TERRAFORM))
    assert found["idle_timeout"] == seconds(120)
    assert found["deregistration_delay"] == seconds(30)
    assert found["health_check.interval"] == seconds(10)
    assert found["access_logs.enabled"] == "true"
    assert isinstance(found["name"], Unknown)


def test_variables_of_another_file_of_the_folder() -> None:
    balancer = 'resource "aws_lb" "a" { idle_timeout = local.idle }\n'
    more = 'locals { idle = var.idle }\nvariable "idle" { default = 60 }\n'
    assert held(("a.tf", balancer), ("b.tf", more))["idle_timeout"] == seconds(60)
    with_values = held(("a.tf", balancer), ("b.tf", more), ("x.tfvars", "idle = 75\n"))
    assert with_values["idle_timeout"] == seconds(75)


@pytest.mark.parametrize(
    "expression", ["var.unknown", "max(60, 70)", "local.a + 1", '"${var.a}0"', "var.x ? 1 : 2"]
)
def test_what_only_terraform_would_tell(expression: str) -> None:
    found = held(("a.tf", f'resource "aws_lb" "a" {{ idle_timeout = {expression} }}\n'))
    assert isinstance(found["idle_timeout"], Unknown)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("idle_timeout = 60", "idle_timeout = 120", Amount(60, 120, SECONDS)),
        ("idle_timeout = 60", "idle_timeout = 60", seconds(60)),
        ("idle_timeout = 60", "", Unknown("some load_balancer has no idle_timeout")),
    ],
)
def test_several_balancers(first: str, second: str, value: Value) -> None:
    text = f'resource "aws_lb" "a" {{ {first} }}\nresource "aws_lb" "b" {{ {second} }}\n'
    assert held(("a.tf", text))["idle_timeout"] == value


def test_cloudformation() -> None:
    found = held(("stack.yaml", TEMPLATE))
    assert found["idle_timeout"] == seconds(90)
    assert isinstance(found["client_keep_alive"], Unknown)
    assert found["deregistration_delay"] == seconds(45)
    assert found["health_check.interval"] == seconds(10)


@pytest.mark.parametrize(
    "text",
    [
        "loadBalancer:\n  idleTimeoutSeconds: 60\n",
        "metadata:\n  annotations:\n    alb.ingress.kubernetes.io/load-balancer-attributes: idle_timeout.timeout_seconds=60,a.b=c\n",
        "annotations:\n  service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: '60'\n",
        '{"Resources": {"A": {"Type": "AWS::ElasticLoadBalancing::LoadBalancer", "Properties": {"ConnectionSettings": {"IdleTimeout": 60}}}}}',
    ],
)
def test_other_forms(text: str) -> None:
    assert held(("cdk.yaml", text))["idle_timeout"] == seconds(60)


def test_a_template_is_no_value() -> None:
    found = held(("cdk.yaml", "idleTimeoutSeconds: '{{ .Values.idle }}'\n"))
    assert found["idle_timeout"] == Unknown("a template that was not rendered")


def test_the_case() -> None:
    file = CASES / "MC-106" / "cdk" / "rendering.yaml"
    if not file.is_file():
        pytest.skip("the cases are not beside the project")
    (found,) = settle(("cdk/rendering.yaml", file.read_text()))
    assert found.place is not None
    assert (found.name, found.text, found.place.span.line) == ("idle_timeout", "60", 2)


@given(st.sampled_from([(TERRAFORM, "a.tf"), (TEMPLATE, "a.yaml")]), st.integers(0, 700),
       st.text(max_size=4))  # fmt: skip
@drawn(25, 100)
def test_it_never_raises_and_places_are_right(
    sample: tuple[str, str], at: int, inserted: str
) -> None:
    text, path = sample
    assert wrong_places(READER, text[:at] + inserted + text[at:], path) == []


@pytest.mark.parametrize("text", ["", "\ufeff", "\x00\udcff" * 50, "a {\n" * 5000, "a = [" * 5000])
def test_hostile_texts(text: str) -> None:
    for path in ("a.tf", "a.yaml"):
        assert all(isinstance(i, Setting | Unread) for i in READER.read(text, path))
