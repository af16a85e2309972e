"""What MiniStack 1.5.33 leaves out and the deployed service cannot do without.

Each completion does what AWS documents. test/deploy/ministack-differences.ts lists all of them and asserts on a
MiniStack without them that they are still needed.
"""
import uuid
from datetime import datetime, timezone

from ministack.core import iam_evaluator
from ministack.services import eventbridge, iam, lambda_svc


def complete(url: str) -> None:
    fill_in_context_attributes_of_schedules()
    name_the_role_behind_a_session()
    say_who_called_a_function_url()
    hand_out_function_urls_that_resolve(url)


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


def name_the_role_behind_a_session() -> None:
    """aws:PrincipalArn of a role session is the role's ARN, with its path, not the session's."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_with_roles(key, ctx):
        value = resolve(key, ctx)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in value:
            return value
        account, name = value.split(":")[4], value.split("/")[1]
        role = iam._roles.get_scoped(account, None, name)
        return role["Arn"] if role else value

    iam_evaluator._resolve_condition_key = resolve_with_roles


def say_who_called_a_function_url() -> None:
    """A function URL with AWS_IAM passes the caller on in requestContext.authorizer.iam."""
    build = lambda_svc._build_function_url_event

    def build_with_caller(url_id, account_id, region, method, path, headers, *rest, **options):
        event = build(url_id, account_id, region, method, path, headers, *rest, **options)
        key = headers.get("authorization", "").partition("Credential=")[2].partition("/")[0]
        caller = iam_evaluator.resolve_caller_identity(key)
        if not options.get("anonymous") and caller:
            event["requestContext"]["authorizer"] = {
                "iam": {
                    "accessKey": key,
                    "accountId": caller["accountId"],
                    "callerId": caller["userId"],
                    "cognitoIdentity": None,
                    "principalOrgId": caller["principalOrgId"],
                    "userArn": caller["userArn"],
                    "userId": caller["userId"],
                }
            }
        return event

    lambda_svc._build_function_url_event = build_with_caller


def hand_out_function_urls_that_resolve(url: str) -> None:
    """Function URLs have a host name of their own, which only AWS's name servers know; MiniStack answers by path too."""
    prefix = f"{url}/_aws/lambda-url/"
    create = lambda_svc._create_function_url_config
    identify = lambda_svc._function_url_id

    def create_by_path(func_name, data, qualifier):
        response = create(func_name, data, qualifier)
        config = lambda_svc._function_urls.get(lambda_svc._url_config_key(func_name, qualifier))
        if config is None or config["FunctionUrl"].startswith(prefix):
            return response
        config["FunctionUrl"] = f"{prefix}{identify(config['FunctionUrl'])}/"
        return lambda_svc.json_response(config, status=201)

    def identify_by_path(function_url):
        return function_url[len(prefix) :].strip("/") if function_url.startswith(prefix) else identify(function_url)

    lambda_svc._create_function_url_config = create_by_path
    lambda_svc._function_url_id = identify_by_path
