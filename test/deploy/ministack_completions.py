"""What MiniStack 1.5.33 leaves out and the deployed service cannot do without.

Each completion does what AWS documents. test/deploy/ministack-differences.ts lists all of them and asserts on a
MiniStack without them that they are still needed.
"""
import json
import re
import uuid
from datetime import datetime, timezone
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator, responses
from ministack.services import dynamodb, eventbridge, iam, lambda_svc, organizations
from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks


def complete(url: str) -> None:
    fill_in_context_attributes_of_schedules()
    name_the_role_behind_a_session()
    know_the_organisation_of_members()
    say_who_called_a_function_url()
    hand_out_function_urls_that_resolve(url)
    name_users_with_their_paths()
    name_the_partitions_of_a_table_request()
    name_the_terms_of_a_secrets_deletion()
    accept_alarms_on_expressions()
    know_where_a_template_is_deployed()


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


def know_the_organisation_of_members() -> None:
    """aws:PrincipalOrgID and aws:ResourceOrgID: the organisation an account is a member of, not only the one it owns."""
    resolve = iam_evaluator._resolve_condition_key
    owned = iam_evaluator._principal_org_id

    def organisation_of(account):
        owner = next((owner for owner, member in organizations._accounts._data if member == account), account)
        return owned(owner)

    def resolve_with_organisation(key, ctx):
        if key.lower() != "aws:resourceorgid":
            return resolve(key, ctx)
        return organisation_of(iam_evaluator._account_from_arn(ctx.resource_arn) or ctx.principal_account)

    iam_evaluator._principal_org_id = organisation_of
    iam_evaluator._resolve_condition_key = resolve_with_organisation


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


def name_users_with_their_paths() -> None:
    """The resource of a call on a user is the user's ARN with its path; that of GetAccessKeyLastUsed the key's user."""
    extract = iam_actions.extract_resource_arn

    def extract_with_path(service, method, path, headers, body, *rest):
        arn = extract(service, method, path, headers, body, *rest)
        if service != "iam":
            return arn
        form = {name: values[0] for name, values in parse_qs((body or b"").decode()).items()}
        key = iam._access_keys.get(form.get("AccessKeyId", ""), {})
        user = iam._users.get(form.get("UserName") or key.get("UserName", ""))
        return arn if user is None or "RoleName" in form else user["Arn"]

    iam_actions.extract_resource_arn = extract_with_path


def name_the_partitions_of_a_table_request() -> None:
    """dynamodb:LeadingKeys: the partition keys that a request on a table or an index names."""
    describe = iam_actions.dynamodb_service_context

    def describe_with_partitions(body):
        context = describe(body)
        partitions = leading_keys(json.loads(body or b"{}"))
        return {**context, "dynamodb:LeadingKeys": partitions} if partitions else context

    iam_actions.dynamodb_service_context = describe_with_partitions


def leading_keys(request: dict) -> list[str]:
    if "RequestItems" in request:
        return [
            key
            for name, order in request["RequestItems"].items()
            for key in plain(keys_of(order), partition_key(name, None))
        ]
    name = partition_key(request.get("TableName", ""), request.get("IndexName"))
    if "KeyConditionExpression" in request:
        return plain([queried_key(request)], name)
    return plain([request.get("Item") or request.get("Key") or {}], name)


def keys_of(order) -> list[dict]:
    if isinstance(order, dict):
        return order.get("Keys", [])
    return [w["PutRequest"]["Item"] if "PutRequest" in w else w["DeleteRequest"]["Key"] for w in order]


def plain(keys: list[dict], name: str) -> list[str]:
    return [next(iter(key[name].values())) for key in keys if name in key]


def partition_key(table_name: str, index_name: str | None) -> str:
    table = dynamodb._tables.get(table_name.rpartition("/")[2]) or {}
    schemas = {index["IndexName"]: index["KeySchema"] for index in table.get("GlobalSecondaryIndexes") or []}
    schema = schemas.get(index_name, table.get("KeySchema", []))
    return next((each["AttributeName"] for each in schema if each["KeyType"] == "HASH"), "")


def queried_key(request: dict) -> dict:
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})
    equalities = re.findall(r"([#\w]+)\s*=\s*(:\w+)", request["KeyConditionExpression"])
    return {names.get(name, name): values[value] for name, value in equalities if value in values}


def name_the_terms_of_a_secrets_deletion() -> None:
    """secretsmanager:RecoveryWindowInDays and secretsmanager:ForceDeleteWithoutRecovery, as the request says them."""
    describe = iam_actions.request_tag_context

    def describe_with_terms(service, iam_action, body, routing_params):
        context = describe(service, iam_action, body, routing_params)
        if iam_action != "secretsmanager:DeleteSecret":
            return context
        request = json.loads(body or b"{}")
        terms = ("RecoveryWindowInDays", "ForceDeleteWithoutRecovery")
        return {**context, **{f"secretsmanager:{term}": str(request[term]).lower() for term in terms if term in request}}

    iam_actions.request_tag_context = describe_with_terms


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
