"""What the probes of MiniStack share: clients, roles, stacks, each in an account of its own."""
import itertools
import json
import sys
import time

import botocore.session
from botocore.exceptions import ClientError

URL, CERTIFICATE = sys.argv[1:3]
REGION = "eu-central-1"
ACCOUNTS = (str(number) for number in itertools.count(300000000000))
PROBES = {}


def probe(name):
    def keep(story):
        PROBES[name] = story
        return story

    return keep


def client(service, account, credentials=None):
    keys = credentials or {"AccessKeyId": account, "SecretAccessKey": "not-checked-for-root", "SessionToken": None}
    return botocore.session.get_session().create_client(
        service,
        endpoint_url=URL,
        region_name=REGION,
        verify=CERTIFICATE,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=botocore.config.Config(retries={"max_attempts": 0}),
    )


def code_of(call, *args, **options):
    """The error code of a call, None when it succeeds."""
    try:
        call(*args, **options)
        return None
    except ClientError as error:
        return error.response["Error"]["Code"]


def is_denied(call, *args, **options):
    return code_of(call, *args, **options) in ("AccessDenied", "AccessDeniedException")


def allow(action, resource, condition=None):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def make_role(account, name, statements, condition=None, trusted=None):
    """A role that an account, its own by default, may assume under a condition; returns its ARN."""
    principal = {"AWS": f"arn:aws:iam::{trusted or account}:root"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Condition": condition} if condition else trust]}
    iam = client("iam", account)
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
    if statements:
        policy = {"Version": "2012-10-17", "Statement": statements}
        iam.put_role_policy(RoleName=name, PolicyName="probe", PolicyDocument=json.dumps(policy))
    return arn


def assume(arn, account, credentials=None):
    sts = client("sts", account, credentials)
    return sts.assume_role(RoleArn=arn, RoleSessionName="probe")["Credentials"]


def session_of(account, *statements):
    return assume(make_role(account, "probe", list(statements)), account)


def make_stack(account, resources, **parts):
    """Creates a stack and returns its status."""
    cloudformation = client("cloudformation", account)
    template = json.dumps({"Resources": resources, **parts})
    cloudformation.create_stack(StackName="probe", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    for _ in range(100):
        stack = cloudformation.describe_stacks(StackName="probe")["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(0.1)
    raise TimeoutError("the stack of a probe never ended")


def make_table(account, name="probe"):
    return client("dynamodb", account).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]


def make_machine(account, role, state):
    definition = json.dumps({"StartAt": "Only", "States": {"Only": state}})
    states = client("stepfunctions", account)
    return states.create_state_machine(name="probe", definition=definition, roleArn=role)["stateMachineArn"]


def status_of_run(account, machine, given=None):
    states = client("stepfunctions", account)
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))["executionArn"]
    for _ in range(300):
        status = states.describe_execution(executionArn=execution)["status"]
        if status != "RUNNING":
            return status
        time.sleep(0.1)
    raise TimeoutError("the workflow of a probe never ended")


def echo_function():
    code = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext) })"
    assumed_by = {"Service": "lambda.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": assumed_by, "Action": "sts:AssumeRole"}
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Echo": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "echo",
                "Runtime": "nodejs24.x",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": code},
            },
        },
    }


def heard(account, url):
    return client("sqs", account).receive_message(QueueUrl=url).get("Messages", [])
