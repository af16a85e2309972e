"""moto on a free port of 127.0.0.1, told what to seed by JSON lines on standard input.

It answers each line with one JSON line and ends when standard input does, so it cannot outlive its parent.
A line {"userName", "createdAt", "lastUsedAt"} makes a user with one back-dated key and is answered {"keyId"}.
A line {"secretId", "region", "token"} leaves what RotateSecret leaves before it calls the function of the secret, which
moto would look for in a container: rotation enabled, a version without a value labelled AWSPENDING. It is answered {}.
To empty every account POST to /moto-api/reset.
"""

import json
import logging
import sys
import time
from datetime import datetime

from moto.iam.models import AccessKeyLastUsed, iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import ThreadedMotoServer

ACCOUNT_ID = "123456789012"


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def seed_key(seed):
    backend = iam_backends[ACCOUNT_ID]["aws"]
    user = backend.create_user("us-east-1", seed["userName"])
    user.create_date = instant(seed["createdAt"])
    key = backend.create_access_key(seed["userName"])
    key.create_date = instant(seed["createdAt"])
    key.last_used = AccessKeyLastUsed(instant(seed["lastUsedAt"]), "s3", "us-east-1")
    return {"keyId": key.access_key_id}


def begin_rotation(order):
    secret = secretsmanager_backends[ACCOUNT_ID][order["region"]].secrets[order["secretId"]]
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = f"arn:aws:lambda:{order['region']}:{ACCOUNT_ID}:function:rotate"
    secret.remove_version_stages_from_old_versions(["AWSPENDING"])
    version = {"createdate": int(time.time()), "version_id": order["token"], "version_stages": ["AWSPENDING"]}
    secret.versions[order["token"]] = version
    return {}


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(begin_rotation(order) if "token" in order else seed_key(order)), flush=True)
    server.stop()


main()
