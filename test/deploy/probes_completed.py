"""Differences of MiniStack that ministack_completions.py and ministack_iam_facts.py take away."""
import json
import time

from probe_tools import (
    ACCOUNTS,
    REGION,
    URL,
    allow,
    assume,
    client,
    code_of,
    heard,
    is_denied,
    make_machine,
    make_role,
    make_stack,
    make_table,
    probe,
    session_of,
)


@probe("aws:PrincipalArn is the role behind a session")
def principal_arn(account):
    first = make_role(account, "first", [allow("sts:AssumeRole", "*")])
    second = make_role(account, "second", [], {"ArnEquals": {"aws:PrincipalArn": first}})
    return is_denied(assume, second, account, assume(first, account))


@probe("aws:PrincipalOrgID and aws:ResourceOrgID know the members of an organisation")
def organisation_of_members(account):
    organizations = client("organizations", account)
    own = organizations.describe_organization()["Organization"]["Id"]
    created = organizations.create_account(Email="member@example.com", AccountName="member")
    member = created["CreateAccountStatus"]["AccountId"]
    caller = make_role(account, "caller", [allow("sts:AssumeRole", "*", {"StringEquals": {"aws:ResourceOrgID": own}})])
    target = make_role(member, "target", [], trusted=account)
    return is_denied(assume, target, account, assume(caller, account))


@probe("a call on a user names the user with its path")
def users_with_paths(account):
    client("iam", account).create_user(UserName="probe", Path="/ci/")
    credentials = session_of(account, allow("iam:ListAccessKeys", f"arn:aws:iam::{account}:user/ci/*"))
    return is_denied(client("iam", account, credentials).list_access_keys, UserName="probe")


@probe("iam:GetAccessKeyLastUsed names the user of the key")
def user_of_a_key(account):
    iam = client("iam", account)
    iam.create_user(UserName="probe")
    key = iam.create_access_key(UserName="probe")["AccessKey"]["AccessKeyId"]
    credentials = session_of(account, allow("iam:GetAccessKeyLastUsed", f"arn:aws:iam::{account}:user/*"))
    return is_denied(client("iam", account, credentials).get_access_key_last_used, AccessKeyId=key)


@probe("ses:SendEmail names the identity it is sent from")
def sender_of_a_mail(account):
    client("sesv2", account).create_email_identity(EmailIdentity="a@example.com")
    identity = f"arn:aws:ses:{REGION}:{account}:identity/a@example.com"
    text = {"Data": "x"}
    return is_denied(
        client("sesv2", account, session_of(account, allow("ses:SendEmail", identity))).send_email,
        FromEmailAddress="a@example.com",
        Destination={"ToAddresses": ["b@example.com"]},
        Content={"Simple": {"Subject": text, "Body": {"Text": text}}},
    )


@probe("dynamodb:LeadingKeys names the partitions of a request")
def leading_keys(account):
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["a#*"]}, "Null": {"dynamodb:LeadingKeys": "false"}}
    credentials = session_of(account, allow("dynamodb:PutItem", make_table(account), condition))
    table = client("dynamodb", account, credentials)
    return is_denied(table.put_item, TableName="probe", Item={"pk": {"S": "a#1"}})


@probe("secretsmanager:RecoveryWindowInDays names the terms of a deletion")
def terms_of_a_deletion(account):
    secret = client("secretsmanager", account).create_secret(Name="probe", SecretString="x")["ARN"]
    condition = {"NumericGreaterThanEquals": {"secretsmanager:RecoveryWindowInDays": "7"}}
    credentials = session_of(account, allow("secretsmanager:DeleteSecret", secret, condition))
    secrets = client("secretsmanager", account, credentials)
    return is_denied(secrets.delete_secret, SecretId=secret, RecoveryWindowInDays=7)


@probe("the host of a REST API resolves")
def host_of_a_rest_api(account):
    host = {"Fn::Join": ["", ["https://", {"Ref": "Api"}, f".execute-api.{REGION}.amazonaws.com/"]]}
    api = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "probe"}}}
    stack = make_stack(account, api, Outputs={"Url": {"Value": host}})
    return not stack["Outputs"][0]["OutputValue"].startswith(URL)


@probe("an alarm may watch an expression")
def alarm_on_an_expression(account):
    metric = {"Metric": {"Namespace": "probe", "MetricName": "probe"}, "Period": 60, "Stat": "Sum"}
    properties = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "Metrics": [{"Id": "a", "Expression": "b * 2"}, {"Id": "b", "MetricStat": metric, "ReturnData": False}],
    }
    stack = make_stack(account, {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}})
    return stack["StackStatus"] == "ROLLBACK_COMPLETE"


@probe("conditions of a template may refer to pseudo parameters")
def pseudo_parameters(account):
    queue = {"Type": "AWS::SQS::Queue", "Condition": "Here"}
    here = {"Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}}
    topic = {"Type": "AWS::SNS::Topic"}
    make_stack(account, {"Queue": queue, "Topic": topic}, Conditions=here)
    return client("sqs", account).list_queues().get("QueueUrls", []) == []


@probe("tags of a bucket in a template become the bucket's")
def tags_of_a_bucket(account):
    name = f"probe-{account}"
    properties = {"BucketName": name, "Tags": [{"Key": "a", "Value": "b"}]}
    make_stack(account, {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}})
    return code_of(client("s3", account).get_bucket_tagging, Bucket=name) == "NoSuchTagSet"


@probe("a rule forwards to the bus of another account")
def other_accounts_bus(account):
    hub = next(ACCOUNTS)
    queue = client("sqs", hub).create_queue(QueueName="probe")["QueueUrl"]
    listens = client("events", hub)
    bus = listens.create_event_bus(Name="hub")["EventBusArn"]
    listens.put_rule(Name="probe", EventBusName="hub", EventPattern=json.dumps({"source": ["probe"]}))
    target = {"Id": "queue", "Arn": f"arn:aws:sqs:{REGION}:{hub}:probe"}
    listens.put_targets(Rule="probe", EventBusName="hub", Targets=[target])
    forwards = client("events", account)
    forwards.put_rule(Name="probe", EventPattern=json.dumps({"source": ["probe"]}))
    forwards.put_targets(Rule="probe", Targets=[{"Id": "bus", "Arn": bus, "RoleArn": f"arn:aws:iam::{account}:role/x"}])
    forwards.put_events(Entries=[{"Source": "probe", "DetailType": "probe", "Detail": "{}"}])
    return heard(hub, queue) == []


@probe("Scheduler fills context attributes into the input of its target")
def context_attributes(account):
    states = client("stepfunctions", account)
    role = make_role(account, "probe", [])
    machine = make_machine(account, role, {"Type": "Succeed"})
    client("scheduler", account).create_schedule(
        Name="probe",
        ScheduleExpression="at(2026-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": machine, "RoleArn": role, "Input": json.dumps({"at": "<aws.scheduler.scheduled-time>"})},
    )
    for _ in range(250):
        for execution in states.list_executions(stateMachineArn=machine)["executions"]:
            said = states.describe_execution(executionArn=execution["executionArn"])["input"]
            return json.loads(said)["at"] == "<aws.scheduler.scheduled-time>"
        time.sleep(0.1)
    raise TimeoutError("the schedule of a probe never fired")


@probe("states:DescribeMapRun names the run")
def run_of_a_map(account):
    run = f"arn:aws:states:{REGION}:{account}:mapRun:probe/Label:1"
    credentials = session_of(account, allow("states:DescribeMapRun", run))
    return is_denied(client("stepfunctions", account, credentials).describe_map_run, mapRunArn=run)


@probe("RotateSecret has the function of the secret called")
def rotation_function(account):
    secrets = client("secretsmanager", account)
    secret = secrets.create_secret(Name="probe", SecretString="x")["ARN"]
    function = f"arn:aws:lambda:{REGION}:{account}:function:nobody"
    token = secrets.rotate_secret(SecretId=secret, RotationLambdaARN=function)["VersionId"]
    return secrets.describe_secret(SecretId=secret)["VersionIdsToStages"][token] == ["AWSCURRENT"]


@probe("scheduler:CreateSchedule names the group of the schedule")
def group_of_a_schedule(account):
    client("scheduler", account).create_schedule_group(Name="probe")
    schedules = f"arn:aws:scheduler:{REGION}:{account}:schedule/probe/*"
    credentials = session_of(account, allow("scheduler:CreateSchedule", schedules), allow("iam:PassRole", "*"))
    return is_denied(
        client("scheduler", account, credentials).create_schedule,
        Name="probe",
        GroupName="probe",
        ScheduleExpression="at(2126-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": f"arn:aws:sqs:{REGION}:{account}:probe", "RoleArn": f"arn:aws:iam::{account}:role/probe"},
    )


@probe("sts:SourceIdentity is known to the trust of a role")
def source_identity(account):
    target = make_role(account, "target", [], {"StringLike": {"sts:SourceIdentity": "?*"}})
    trust = client("iam", account).get_role(RoleName="target")["Role"]["AssumeRolePolicyDocument"]
    trust["Statement"].append({**trust["Statement"][0], "Action": "sts:SetSourceIdentity"})
    client("iam", account).update_assume_role_policy(RoleName="target", PolicyDocument=json.dumps(trust))
    identity = {"RoleArn": target, "RoleSessionName": "probe", "SourceIdentity": "ana"}
    caller = session_of(account, allow(["sts:AssumeRole", "sts:SetSourceIdentity"], "*"))
    return is_denied(client("sts", account, caller).assume_role, **identity)


@probe("the boundary of a role in a template becomes the role's")
def boundary_of_a_role(account):
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}]}
    boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    properties = {"RoleName": "probe", "AssumeRolePolicyDocument": trust, "PermissionsBoundary": boundary}
    make_stack(account, {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}})
    return "PermissionsBoundary" not in client("iam", account).get_role(RoleName="probe")["Role"]
