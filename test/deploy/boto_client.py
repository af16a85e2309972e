"""What an unmodified boto3 sees of the server in AWS_ENDPOINT_URL, as one JSON document on standard output."""

import json

import boto3
from botocore.exceptions import ClientError

iam = boto3.client("iam")
secrets = boto3.client("secretsmanager")
dynamodb = boto3.client("dynamodb")

pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
users = [[user["UserName"] for user in page["Users"]] for page in pages]

while iam.generate_credential_report()["State"] != "COMPLETE":
    pass
report = iam.get_credential_report()["Content"].decode()

try:
    iam.get_user(UserName="ghost")
except ClientError as error:
    refused = error.response["Error"]["Code"]

dynamodb.create_table(
    TableName="ledger",
    BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "subject", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "subject", "AttributeType": "S"}],
)
dynamodb.put_item(TableName="ledger", Item={"subject": {"S": "a"}})

print(
    json.dumps(
        {
            "account": boto3.client("sts").get_caller_identity()["Account"],
            "users": users,
            "reportRows": len(report.splitlines()),
            "refused": refused,
            "secret": secrets.get_secret_value(SecretId="db")["SecretString"],
            "regions": len(boto3.client("account").list_regions(MaxResults=5)["Regions"]),
            "item": dynamodb.get_item(TableName="ledger", Key={"subject": {"S": "a"}})["Item"],
        }
    )
)
