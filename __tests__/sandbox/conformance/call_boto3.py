"""Makes AWS calls with boto3: one JSON object for each on standard input, its answer as a line on standard output.

Parameters go through botocore's own validator unless the call says that they are wrong on purpose. Answers come out of
botocore's parser, and are then held against the model of the operation's output.
"""

import datetime
import json
import sys

import boto3
import botocore.config
import botocore.exceptions
import botocore.validate
from botocore import xform_name

ENDPOINT, REGION = sys.argv[1:3]


def make_client(service, validates):
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name=REGION,
        config=botocore.config.Config(parameter_validation=validates, retries={"total_max_attempts": 1}),
    )


clients = {}


def client_of(service, validates):
    if (service, validates) not in clients:
        clients[service, validates] = make_client(service, validates)
    return clients[service, validates]


def call(service, operation, parameters, wrong):
    client = client_of(service, not wrong)
    try:
        answer = getattr(client, xform_name(operation))(**parameters)
    except botocore.exceptions.ClientError as error:
        said = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"kind": "refused", "code": said["Code"], "message": said["Message"], "status": status}
    except botocore.exceptions.ParamValidationError as error:
        return {"kind": "not sent", "why": str(error)}
    answer.pop("ResponseMetadata")
    shape = client.meta.service_model.operation_model(operation).output_shape
    report = botocore.validate.ParamValidator().validate(answer, shape) if shape is not None else None
    if report is not None and report.has_errors():
        return {"kind": "not as modelled", "why": report.generate_report()}
    return {"kind": "answered", "value": answer}


def as_json(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    raise TypeError(f"{type(value)} in an answer")


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line)), default=as_json), flush=True)
