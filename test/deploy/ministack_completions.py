"""What MiniStack 1.5.33 leaves out and the deployed service cannot do without.

Each completion does what AWS documents. test/deploy/ministack-differences.ts lists all of them and asserts on a
MiniStack without them that they are still needed.
"""
import contextvars
import logging
import re
import threading
import time
import uuid
from datetime import datetime, timezone

from ministack.core import responses
from ministack.services import eventbridge, iam, lambda_svc, s3, secretsmanager
from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks
from ministack_iam_facts import complete_facts


def complete(url: str) -> None:
    complete_facts()
    fill_in_context_attributes_of_schedules()
    hand_out_rest_apis_that_resolve(url)
    accept_alarms_on_expressions()
    know_where_a_template_is_deployed()
    forward_events_to_other_accounts()
    tag_buckets_of_templates()
    rotate_secrets_by_their_functions()
    bound_roles_of_templates()


def fill_in_context_attributes_of_schedules() -> None:
    """EventBridge Scheduler replaces <aws.scheduler.*> in the input of a target."""
    invoke = eventbridge._invoke_target

    def invoke_with_attributes(target, event, rule, *rest):
        if event.get("Source") == "aws.scheduler" and "Input" in target:
            attributes = {
                "schedule-arn": event["Resources"][0],
                "scheduled-time": datetime.fromtimestamp(event["Time"], timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "execution-id": str(uuid.uuid4()),
                "attempt-number": "1",
            }
            text = target["Input"]
            for name, value in attributes.items():
                text = text.replace(f"<aws.scheduler.{name}>", value)
            target = {**target, "Input": text}
        return invoke(target, event, rule, *rest)

    eventbridge._invoke_target = invoke_with_attributes


def hand_out_rest_apis_that_resolve(url: str) -> None:
    """REST APIs have a host name of their own, which only AWS's name servers know; MiniStack answers by path too."""
    resolve = stacks._resolve_stack_outputs
    host = re.compile(r"^https://(\w+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/")

    def resolve_by_path(*template):
        outputs, exports = resolve(*template)
        for output in outputs:
            output["OutputValue"] = host.sub(rf"{url}/_aws/execute-api/\1/", output["OutputValue"])
        return outputs, exports

    stacks._resolve_stack_outputs = resolve_by_path


def accept_alarms_on_expressions() -> None:
    """An alarm may watch an expression over metrics; here it is kept under the first of them and never evaluates."""
    record = provisioners._cw_metric_alarm_record

    def record_with_expressions(name, props):
        if not props.get("Metrics"):
            return record(name, props)
        watched = next(each["MetricStat"] for each in props["Metrics"] if "MetricStat" in each)
        simple = {key: value for key, value in props.items() if key != "Metrics"}
        return record(name, {**simple, **watched["Metric"], "Period": watched["Period"], "Statistic": watched["Stat"]})

    provisioners._cw_metric_alarm_record = record_with_expressions


def know_where_a_template_is_deployed() -> None:
    """Conditions of a template may refer to pseudo parameters."""
    evaluate = engine._evaluate_conditions

    def evaluate_here(template, params):
        here = {
            "AWS::AccountId": responses.get_account_id(),
            "AWS::Partition": "aws",
            "AWS::Region": responses.get_region(),
        }
        return evaluate(template, {**{name: {"Value": value} for name, value in here.items()}, **params})

    for module in (changesets, engine, handlers, stacks):
        module._evaluate_conditions = evaluate_here


def forward_events_to_other_accounts() -> None:
    """A rule may have the event bus of another account as its target; the event keeps the account it comes from."""
    forward = eventbridge._dispatch_to_event_bus

    def forward_anywhere(spec, *rest):
        here = (responses.get_account_id(), responses.get_region())
        responses.set_request_account_id(spec.account_id)
        responses.set_request_region(spec.region)
        try:
            forward(spec, *rest)
        finally:
            responses.set_request_account_id(here[0])
            responses.set_request_region(here[1])

    eventbridge._dispatch_to_event_bus = forward_anywhere


def tag_buckets_of_templates() -> None:
    """Tags of a bucket in a template become the bucket's; CDK empties only buckets that are tagged for it."""
    configure = provisioners._s3_apply_configurations

    def configure_with_tags(name, props, old_props=None):
        configure(name, props, old_props)
        s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags", [])}

    provisioners._s3_apply_configurations = configure_with_tags


def bound_roles_of_templates() -> None:
    """The permissions boundary of a role in a template becomes the role's."""
    handlers_of_roles = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
    create, update = handlers_of_roles["create"], handlers_of_roles["update"]

    def bound(made, props):
        iam._roles.get(made[0])["PermissionsBoundary"] = props.get("PermissionsBoundary")
        return made

    def create_bound(logical_id, props, stack_name):
        return bound(create(logical_id, props, stack_name), props)

    def update_bound(physical_id, old_props, new_props, *rest):
        return bound(update(physical_id, old_props, new_props, *rest), new_props)

    handlers_of_roles.update(create=create_bound, update=update_bound)


ROTATION_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def rotate_secrets_by_their_functions() -> None:
    """RotateSecret labels a version AWSPENDING that has no value yet and calls the secret's function, step by step."""
    pretend = secretsmanager._rotate_secret

    def rotate(data):
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        function = data.get("RotationLambdaARN") or (secret or {}).get("RotationLambdaARN")
        if secret is None or secret.get("DeletedDate") or not function:
            return pretend(data)
        rules = data.get("RotationRules") or secret.get("RotationRules")
        secret.update(RotationEnabled=True, RotationLambdaARN=function, RotationRules=rules)
        token = data.get("ClientRequestToken") or str(uuid.uuid4())
        none = {"SecretString": None, "SecretBinary": None}
        secret["Versions"][token] = {**none, "CreatedDate": int(time.time()), "Stages": ["AWSPENDING"]}
        walk = (call_rotation_function, function, secret["ARN"], token)
        threading.Thread(target=contextvars.copy_context().run, args=walk, daemon=True).start()
        return responses.json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})

    secretsmanager._rotate_secret = rotate


def call_rotation_function(function: str, secret: str, token: str) -> None:
    record, config, _ = lambda_svc._get_func_record_for_ref(function)
    target = lambda_svc._execution_record_for_config(record, config)
    for step in ROTATION_STEPS:
        event = {"Step": step, "SecretId": secret, "ClientRequestToken": token}
        answer = lambda_svc._execute_function_with_config_scope(target, event)
        if answer.get("error"):
            logging.getLogger(__name__).warning("%s of %s failed: %s", step, secret, answer.get("body"))
            return
