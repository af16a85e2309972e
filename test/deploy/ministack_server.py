"""Runs MiniStack on a free loopback port with TLS and with IAM enforced, for the tests in this folder.

The first argument is a folder for everything it writes; with --as-it-is nothing is completed. Prints one line of
JSON when it listens, then answers each command, a line of JSON on standard input, with a line of JSON:
  {"command": "backdate-key", "accountId", "keyId", "createdAt"}       also the key's user
  {"command": "backdate-secret", "accountId", "region", "arn", "createdAt"}
  {"command": "logs", "accountId", "region"}                           whatever functions wrote, by log group
  {"command": "emit", "accountId", "region", "entries": [...]}         events of AWS services, which PutEvents refuses
It ends, with the Lambda workers it started, when its standard input closes.
"""
import json
import os
import socket
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = Path(sys.argv[1])
AS_IT_IS = "--as-it-is" in sys.argv


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate() -> tuple[Path, Path]:
    """A certificate of this run alone for 127.0.0.1, which MiniStack also calls localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "emulator of one test run")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = FOLDER / "server.crt", FOLDER / "server.key"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_path, key_path


PORT = free_port()
URL = f"https://127.0.0.1:{PORT}"
CERTIFICATE, KEY = make_certificate()
os.environ.update(
    GATEWAY_PORT=str(PORT),
    BIND_HOST="127.0.0.1",
    IOT_MTLS_ENABLED="0",
    AUTH="true",
    USE_SSL="1",
    MINISTACK_SSL_CERT=str(CERTIFICATE),
    MINISTACK_SSL_KEY=str(KEY),
    TMPDIR=str(FOLDER),
)

# MiniStack reads its environment while it is imported.
from ministack import app  # noqa: E402
from ministack.core import lambda_runtime, responses  # noqa: E402
from ministack.services import cloudwatch_logs, eventbridge, iam, secretsmanager  # noqa: E402


def backdate_key(order: dict) -> dict:
    key = iam._access_keys._data[(order["accountId"], order["keyId"])]
    user = iam._users._data[(order["accountId"], key["UserName"])]
    key["CreateDate"] = user["CreateDate"] = order["createdAt"]
    return {}


def backdate_secret(order: dict) -> dict:
    secrets = [
        secret
        for (account, region, _), secret in secretsmanager._secrets._data.items()
        if (account, region, secret["ARN"]) == (order["accountId"], order["region"], order["arn"])
    ]
    at = int(datetime.fromisoformat(order["createdAt"]).timestamp())
    for secret in secrets:
        secret["CreatedDate"] = secret["LastChangedDate"] = at
    return {"backdated": len(secrets)}


def emit(order: dict) -> dict:
    responses.set_request_account_id(order["accountId"])
    responses.set_request_region(order["region"])
    _, _, body = eventbridge._put_events({"Entries": order["entries"]}, allow_aws_source=True)
    return json.loads(body)


def logs(order: dict) -> dict:
    return {
        name: [event["message"] for stream in group["streams"].values() for event in stream["events"]]
        for (account, region, name), group in cloudwatch_logs._log_groups._data.items()
        if (account, region) == (order["accountId"], order["region"])
    }


COMMANDS = {"backdate-key": backdate_key, "backdate-secret": backdate_secret, "emit": emit, "logs": logs}


def say(answer: dict) -> None:
    print(json.dumps(answer), file=ANSWERS, flush=True)


def wait_until_it_listens() -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)


def obey() -> None:
    wait_until_it_listens()
    say({"url": URL, "certificate": str(CERTIFICATE)})
    for line in sys.stdin:
        order = json.loads(line)
        try:
            say({"answer": COMMANDS[order.pop("command")](order)})
        except Exception as error:  # the test that asked must hear of it
            say({"error": f"{type(error).__name__}: {error}"})
    lambda_runtime.reset()
    os._exit(0)


# Answers go where only the test reads; whatever MiniStack prints joins its log.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
# MiniStack also takes port 443 when it is free, which no test needs.
app._port_is_bindable = lambda *_: False
if not AS_IT_IS:
    from ministack_completions import complete

    complete(URL)
threading.Thread(target=obey, daemon=True).start()
sys.argv = ["ministack"]
app.main()
