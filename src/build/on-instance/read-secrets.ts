/**
 * The program that reads `secrets/list` and prints an assignment for each secret, for the runner to take into its memory.
 * Nothing of a value is ever an argument of a program or in a file.
 *
 * Python 3 is on every image that has a cloud-init of the last years, because that is written in it. Amazon Linux 2 has
 * Python 2 and the AWS CLI instead.
 */
export const READ_SECRETS = `#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"

if command -v python3 >/dev/null; then
  exec python3 request.py <list
elif ! command -v aws >/dev/null; then
  echo "Secrets are read with python3 or the AWS CLI, and this image has neither. Install python3 in a layer below." >&2
  exit 1
fi

while IFS=$'\\t' read -r name service id; do
  case $service in
    ssm) value=$(aws ssm get-parameter --region "$AWS_SSM_REGION_NAME" --name "$id" --with-decryption \\
      --query Parameter.Value --output text && echo .) ;;
    secretsmanager) value=$(aws secretsmanager get-secret-value --region "$AWS_SSM_REGION_NAME" --secret-id "$id" \\
      --query SecretString --output text && echo .) ;;
  esac
  # The CLI ends its text with a newline of its own; the dot keeps those of the value.
  printf 'export %s=%q\\n' "$name" "\${value%$'\\n'.}"
done <list
`;

/**
 * GetParameter and GetSecretValue with the instance's role, signed with version 4 (IAM User Guide, "Create a signed AWS
 * API request"): with nothing but Python's own library. Reads the list on standard input.
 */
export const REQUEST_SECRET = `import datetime, hashlib, hmac, json, os, shlex, sys, time, urllib.error, urllib.parse, urllib.request

# Metadata is never asked for through a proxy (EC2 User Guide, "Access instance metadata").
METADATA = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SERVICES = {
    'ssm': ('AmazonSSM.GetParameter', lambda id: {'Name': id, 'WithDecryption': True}, lambda answer: answer['Parameter']['Value']),
    'secretsmanager': ('secretsmanager.GetSecretValue', lambda id: {'SecretId': id}, lambda answer: answer['SecretString']),
}


def metadata(path, token=None):
    headers = {'X-aws-ec2-metadata-token': token} if token else {'X-aws-ec2-metadata-token-ttl-seconds': '300'}
    request = urllib.request.Request('http://169.254.169.254/latest/' + path, headers=headers, method='GET' if token else 'PUT')
    with METADATA.open(request, timeout=5) as answer:
        return answer.read().decode()


def instance():
    token = metadata('api/token')
    try:
        role = metadata('meta-data/iam/security-credentials/', token).split()[0]
    except (urllib.error.HTTPError, IndexError):
        sys.exit('the instance has no role: secrets are read with that of the instance profile')
    credentials = json.loads(metadata('meta-data/iam/security-credentials/' + role, token))
    region = metadata('meta-data/placement/region', token)
    return credentials, region, metadata('meta-data/services/domain', token)


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sign(url, region, service, target, body, credentials):
    now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
    parts = urllib.parse.urlsplit(url)
    headers = {
        'content-type': 'application/x-amz-json-1.1',
        'host': parts.netloc,
        'x-amz-date': now,
        'x-amz-security-token': credentials['Token'],
        'x-amz-target': target,
    }
    names = ';'.join(sorted(headers))
    lines = ''.join(name + ':' + headers[name] + '\\n' for name in sorted(headers))
    canonical = '\\n'.join(['POST', parts.path or '/', '', lines, names, hashlib.sha256(body).hexdigest()])
    scope = '/'.join([now[:8], region, service, 'aws4_request'])
    to_sign = '\\n'.join(['AWS4-HMAC-SHA256', now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ('AWS4' + credentials['SecretAccessKey']).encode()
    for part in [now[:8], region, service, 'aws4_request']:
        key = digest(key, part)
    signature = digest(key, to_sign).hex()
    headers['authorization'] = 'AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s' % (
        credentials['AccessKeyId'], scope, names, signature)
    return headers


def ask(service, id, credentials, region, domain):
    target, request_of, value_of = SERVICES[service]
    if id.startswith('arn:'):
        region = id.split(':')[3]
    variable = 'AWS_ENDPOINT_URL_' + {'ssm': 'SSM', 'secretsmanager': 'SECRETS_MANAGER'}[service]
    url = os.environ.get(variable) or os.environ.get('AWS_ENDPOINT_URL') or 'https://%s.%s.%s' % (service, region, domain)
    body = json.dumps(request_of(id)).encode()
    for attempt in range(1, 5):
        headers = sign(url, region, service, target, body, credentials)
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:
                return value_of(json.load(answer))
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors='replace')
            if attempt == 4 or not (error.code >= 500 or 'Throttl' in said):
                raise SystemExit('%s: %s' % (error.code, said[:500]))
        except urllib.error.URLError as error:
            if attempt == 4:
                raise SystemExit('%s: %s' % (url, error.reason))
        time.sleep(2 ** attempt)


try:
    credentials, region, domain = instance()
except (OSError, ValueError) as error:
    sys.exit('the instance metadata does not answer: %s' % error)
assignments = []
for name, service, id in (line.rstrip('\\n').split('\\t') for line in sys.stdin):
    try:
        value = ask(service, id, credentials, region, domain)
    except (SystemExit, KeyError) as error:
        sys.exit('%s could not be read from %s:%s: %s' % (name, service, id, error))
    assignments.append('export %s=%s' % (name, shlex.quote(value)))
print('\\n'.join(assignments))
`;
