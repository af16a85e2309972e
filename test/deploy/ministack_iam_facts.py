"""What IAM knows of a request on AWS and MiniStack 1.5.33 does not tell its evaluation of policies.

Listed and proven like the rest of ministack_completions.py.
"""
import contextvars
import dataclasses
import json
import re
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, iam, organizations, sts


def complete_facts() -> None:
    name_the_role_behind_a_session()
    know_the_organisation_of_members()
    name_users_with_their_paths()
    name_the_sender_of_a_mail()
    name_the_run_of_a_map()
    name_the_partitions_of_a_table_request()
    name_the_terms_of_a_secrets_deletion()
    name_schedules_with_their_groups()
    trust_source_identities()


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


def name_the_sender_of_a_mail() -> None:
    """The resource of ses:SendEmail is the identity it is sent from."""
    describe = iam_actions._ses_v2_resource_arn

    def describe_with_sender(method, path, body, region, account_id):
        if path != "/v2/email/outbound-emails":
            return describe(method, path, body, region, account_id)
        return f"arn:aws:ses:{region}:{account_id}:identity/{json.loads(body)['FromEmailAddress']}"

    iam_actions._ses_v2_resource_arn = describe_with_sender


def name_the_run_of_a_map() -> None:
    """The resource of states:DescribeMapRun is the run; that of ListExecutions with a run, too."""
    extract = iam_actions.extract_resource_arn

    def extract_with_runs(service, method, path, headers, body, *rest):
        arn = extract(service, method, path, headers, body, *rest)
        return json.loads(body).get("mapRunArn", arn) if service == "states" and arn == "*" else arn

    iam_actions.extract_resource_arn = extract_with_runs


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


def name_schedules_with_their_groups() -> None:
    """The resource of a call on a schedule is the schedule in its group."""
    extract = iam_actions.extract_resource_arn

    def extract_with_group(service, method, path, headers, body, *rest):
        arn = extract(service, method, path, headers, body, *rest)
        if service != "scheduler" or method != "POST" or ":schedule/default/" not in arn:
            return arn
        return arn.replace("/default/", f"/{json.loads(body).get('GroupName', 'default')}/")

    iam_actions.extract_resource_arn = extract_with_group


SOURCE_IDENTITY = contextvars.ContextVar("source identity of an AssumeRole", default=None)


def trust_source_identities() -> None:
    """sts:SourceIdentity is known to the trust of a role, which has to allow sts:SetSourceIdentity as well."""
    read = sts._session_tags
    resolve = iam_evaluator._resolve_condition_key
    evaluate = iam_evaluator.evaluate_trust_policy

    def read_with_identity(params, *rest, **options):
        SOURCE_IDENTITY.set(sts._p(params, "SourceIdentity", None))
        return read(params, *rest, **options)

    def resolve_with_identity(key, ctx):
        return SOURCE_IDENTITY.get() if key.lower() == "sts:sourceidentity" else resolve(key, ctx)

    def evaluate_with_identity(trust, caller, ctx=None):
        trusted = evaluate(trust, caller, ctx)
        if not trusted or ctx is None or ctx.action != "sts:AssumeRole" or SOURCE_IDENTITY.get() is None:
            return trusted
        return evaluate(trust, caller, dataclasses.replace(ctx, action="sts:SetSourceIdentity"))

    sts._session_tags = read_with_identity
    iam_evaluator._resolve_condition_key = resolve_with_identity
    iam_evaluator.evaluate_trust_policy = evaluate_with_identity
