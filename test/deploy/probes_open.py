"""Differences of MiniStack that stay, so that other tests answer for what it cannot show."""
import json

import botocore.session

from probe_tools import (
    CERTIFICATE,
    REGION,
    URL,
    allow,
    client,
    code_of,
    echo_function,
    heard,
    make_machine,
    make_role,
    make_stack,
    probe,
    session_of,
    status_of_run,
)


@probe("EventBridge hears of API calls from CloudTrail, and of bounces from SES")
def events_of_services(account):
    queue = client("sqs", account).create_queue(QueueName="probe")["QueueUrl"]
    events = client("events", account)
    events.put_rule(Name="probe", EventPattern=json.dumps({"source": ["aws.iam", "aws.ses"]}))
    events.put_targets(Rule="probe", Targets=[{"Id": "queue", "Arn": f"arn:aws:sqs:{REGION}:{account}:probe"}])
    iam = client("iam", account)
    iam.create_user(UserName="probe")
    iam.create_access_key(UserName="probe")
    return heard(account, queue) == []


@probe("the roles of Scheduler and Step Functions are enforced")
def roles_of_services(account):
    make_stack(account, echo_function())
    task = {"Type": "Task", "Resource": f"arn:aws:lambda:{REGION}:{account}:function:echo", "End": True}
    return status_of_run(account, make_machine(account, make_role(account, "powerless", []), task)) == "SUCCEEDED"


@probe("Step Functions writes the results of a map where it is told")
def results_of_a_map(account):
    bucket = f"probe-{account}"
    s3 = client("s3", account)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    each = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket, "Prefix": "results"}}
    over = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": {**each, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
        "ResultWriter": writer,
        "End": True,
    }
    status = status_of_run(account, make_machine(account, make_role(account, "probe", []), over), {"items": [1]})
    return status == "SUCCEEDED" and s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


@probe("Step Functions redrives")
def redrive(account):
    arn = f"arn:aws:states:{REGION}:{account}:execution:probe:probe"
    return code_of(client("stepfunctions", account).redrive_execution, executionArn=arn) == "InvalidAction"


@probe("a table under a customer-managed key needs rights to the key")
def rights_to_a_key(account):
    key = client("kms", account).create_key()["KeyMetadata"]["Arn"]
    client("dynamodb", account).create_table(
        TableName="probe",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )
    table = f"arn:aws:dynamodb:{REGION}:{account}:table/probe"
    writer = client("dynamodb", account, session_of(account, allow("dynamodb:PutItem", table)))
    return code_of(writer.put_item, TableName="probe", Item={"pk": {"S": "a"}}) is None


@probe("templates set point-in-time recovery and encryption of tables")
def recovery_of_tables(account):
    properties = {
        "TableName": "probe",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
    }
    make_stack(account, {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}})
    tables = client("dynamodb", account)
    backups = tables.describe_continuous_backups(TableName="probe")["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    encryption = tables.describe_table(TableName="probe")["Table"].get("SSEDescription")
    return recovery == "DISABLED" and encryption is None


@probe("templates set Object Lock, encryption and lifecycle of buckets")
def lock_of_buckets(account):
    name = f"probe-{account}"
    retention = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    properties = {
        "BucketName": name,
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": retention},
        "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 7}]},
    }
    make_stack(account, {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}})
    s3 = client("s3", account)
    lock = code_of(s3.get_object_lock_configuration, Bucket=name)
    lifecycle = code_of(s3.get_bucket_lifecycle_configuration, Bucket=name)
    return (lock, lifecycle) == ("ObjectLockConfigurationNotFoundError", "NoSuchLifecycleConfiguration")


@probe("iam:ListServiceSpecificCredentials")
def service_specific_credentials(account):
    return code_of(client("iam", account).list_service_specific_credentials, AllUsers=True) == "InvalidAction"


@probe("organizations:ListAccounts pages, and says the state of an account")
def pages_and_states(account):
    organizations = client("organizations", account)
    for number in range(2):
        organizations.create_account(Email=f"{number}@example.com", AccountName=f"account-{number}")
    page = organizations.list_accounts(MaxResults=1)
    return len(page["Accounts"]) == 3 and "NextToken" not in page and "State" not in page["Accounts"][0]


@probe("keys and secrets have an age, and keys a last use")
def last_use(account):
    iam = client("iam", account)
    iam.create_user(UserName="probe")
    key = iam.create_access_key(UserName="probe")["AccessKey"]
    credentials = {**key, "SessionToken": None}
    client("sts", account, credentials).get_caller_identity()
    said = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    return "LastUsedDate" not in said


@probe("metrics in logs become metrics, and alarms judge them")
def metrics_in_logs(account):
    function = echo_function()
    emf = {"_aws": {"Timestamp": 0, "CloudWatchMetrics": [{"Namespace": "probe", "Dimensions": [[]], "Metrics": [{"Name": "probe"}]}]}}
    function["Echo"]["Properties"]["Code"]["ZipFile"] = (
        f"exports.handler = async () => console.log(JSON.stringify({{ ...{json.dumps(emf)}, probe: 1 }}))"
    )
    make_stack(account, function)
    client("lambda", account).invoke(FunctionName="echo")
    return client("cloudwatch", account).list_metrics(Namespace="probe")["Metrics"] == []


@probe("templates set request validators of REST APIs")
def request_validators(account):
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "probe"}}
    checks = {"RestApiId": {"Ref": "Api"}, "ValidateRequestBody": True, "ValidateRequestParameters": True}
    validator = {"Type": "AWS::ApiGateway::RequestValidator", "Properties": checks}
    stack = make_stack(account, {"Api": api, "Validator": validator}, Outputs={"Id": {"Value": {"Ref": "Api"}}})
    apis = client("apigateway", account)
    return apis.get_request_validators(restApiId=stack["Outputs"][0]["OutputValue"]).get("items", []) == []


@probe("a REST API is reached from other accounts and unsigned")
def callers_elsewhere(account):
    api = client("apigateway", account).create_rest_api(name="probe")["id"]
    request = botocore.awsrequest.AWSRequest("GET", f"{URL}/_aws/execute-api/{api}/probe/")
    answer = botocore.httpsession.URLLib3Session(verify=CERTIFICATE).send(request.prepare())
    return answer.status_code == 404
