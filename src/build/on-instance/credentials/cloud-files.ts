import { entry, from, member, setting } from './credential-file.js';

const BOTO = setting('aws_secret_access_key|gs_secret_access_key|gs_oauth2_refresh_token');

/** What the tools of clouds and of hosted services keep. */
export const CLOUD_FILES = [
  ...from(
    'AWS CLI User Guide, "Configuration and credential file settings", "Configuring IAM Identity Center authentication", "aws login"',
    ['.aws/credentials', 'access keys of AWS'],
    ['.aws/config', 'access keys of AWS', setting('aws_secret_access_key|aws_session_token')],
    ['.aws/sso/cache/*.json', 'a session of AWS IAM Identity Center'],
    ['.aws/login/cache/*.json', 'a session of "aws login"'],
  ),
  ...from(
    'Boto documentation, "Boto Config"',
    ['.boto', 'keys of AWS or Google Cloud', BOTO],
    ['/etc/boto.cfg', 'keys of AWS or Google Cloud', BOTO],
  ),
  ...from('s3cmd manual page, "--configure"', ['.s3cfg', 'keys of S3', setting('secret_key|access_token')]),
  ...from('s3fs-fuse README, "Examples"', ['.passwd-s3fs', 'keys of S3'], ['/etc/passwd-s3fs', 'keys of S3']),
  ...from(
    'Google Cloud documentation, "How Application Default Credentials works", "gcloud auth"',
    ['.config/gcloud/application_default_credentials.json', 'credentials of Google Cloud'],
    ['.config/gcloud/credentials.db', 'credentials of Google Cloud'],
    ['.config/gcloud/access_tokens.db', 'access tokens of Google Cloud'],
    ['.config/gcloud/legacy_credentials/*/*', 'credentials of Google Cloud'],
    ['.config/gcloud/legacy_credentials/*/.boto', 'credentials of Google Cloud'],
  ),
  ...from(
    'Azure CLI documentation, "MSAL-based Azure CLI", "azure-cli-core: auth/identity.py"',
    ['.azure/msal_token_cache.@(json|bin)', 'tokens of Azure'],
    ['.azure/service_principal_entries.@(json|bin)', 'a service principal of Azure'],
    ['.azure/accessTokens.json', 'tokens of Azure', '[{]'],
    ['.azure/aksServicePrincipal.json', 'a service principal of Azure'],
  ),
  ...from(
    'OCI documentation, "SDK and CLI Configuration File"',
    ['.oci/config', 'the passphrase of an Oracle Cloud key', setting('pass_phrase')],
    ['.oci/*.pem', 'a key of Oracle Cloud'],
  ),
  ...from('Alibaba Cloud CLI README, "Configure"', [
    '.aliyun/config.json',
    'keys of Alibaba Cloud',
    member('access_key_secret|sts_token|private_key'),
  ]),
  ...from('IBM Cloud CLI documentation, "ibmcloud login"', [
    '.bluemix/config.json',
    'tokens of IBM Cloud',
    member('IAMToken|IAMRefreshToken'),
  ]),
  ...from('doctl README, "Authenticating with DigitalOcean"', [
    '.config/doctl/config.yaml',
    'a token of DigitalOcean',
    entry('access-token'),
  ]),
  ...from('hcloud README, "hcloud context create"', [
    '.config/hcloud/cli.toml',
    'a token of Hetzner Cloud',
    setting('token'),
  ]),
  ...from('Linode CLI documentation, "Configuration"', ['.config/linode-cli', 'a token of Linode', setting('token')]),
  ...from('Scaleway CLI documentation, "config"', [
    '.config/scw/config.yaml',
    'a key of Scaleway',
    entry('secret_key'),
  ]),
  ...from('flyctl documentation, "fly auth"', ['.fly/config.yml', 'a token of Fly.io', entry('access_token')]),
  ...from('firebase-tools: configstore.ts', [
    '.config/configstore/firebase-tools.json',
    'tokens of Firebase',
    member('refresh_token|access_token'),
  ]),
  ...from('Netlify CLI documentation, "Get started"', [
    '.config/netlify/config.json',
    'a token of Netlify',
    member('token'),
  ]),
  ...from('Vercel CLI documentation, "Global Options"', [
    '.local/share/com.vercel.cli/auth.json',
    'a token of Vercel',
    member('token|refreshToken'),
  ]),
  ...from(
    'Cloudflare documentation, "Wrangler: login", "Tunnel permissions"',
    ['.config/.wrangler/config/default.toml', 'tokens of Cloudflare', setting('oauth_token|api_token|refresh_token')],
    ['.cloudflared/cert.pem', 'a certificate of Cloudflare Tunnel'],
    ['.cloudflared/*.json', 'a tunnel of Cloudflare'],
  ),
  ...from(
    'OpenStack documentation, "Configuration: clouds.yaml"',
    [
      '.config/openstack/@(clouds|secure).yaml',
      'credentials of OpenStack',
      entry('password|token|application_credential_secret'),
    ],
    [
      '/etc/openstack/@(clouds|secure).yaml',
      'credentials of OpenStack',
      entry('password|token|application_credential_secret'),
    ],
  ),
  ...from(
    'rclone documentation, "Configuration Encryption"',
    [
      '.config/rclone/rclone.conf',
      'credentials of a remote store',
      setting('pass|password|token|secret_access_key|client_secret|key|sas_url'),
    ],
    [
      '.rclone.conf',
      'credentials of a remote store',
      setting('pass|password|token|secret_access_key|client_secret|key|sas_url'),
    ],
  ),
  ...from('MinIO Client documentation, "mc alias"', [
    '.mc/config.json',
    'keys of an S3 store',
    member('secretKey|sessionToken'),
  ]),
  ...from(
    'Databricks documentation, "Databricks configuration profiles", "OAuth user-to-machine"',
    ['.databrickscfg', 'a token of Databricks', setting('token|password|client_secret|azure_client_secret')],
    ['.databricks/token-cache.json', 'tokens of Databricks'],
  ),
  ...from(
    'Snowflake documentation, "SnowSQL: Configuring", "Snowflake CLI: Managing connections"',
    ['.snowsql/config', 'a password of Snowflake', setting('password|private_key_passphrase|token')],
    [
      '.snowflake/@(config|connections).toml',
      'a password of Snowflake',
      setting('password|private_key_passphrase|token'),
    ],
    [
      '.config/snowflake/@(config|connections).toml',
      'a password of Snowflake',
      setting('password|private_key_passphrase|token'),
    ],
  ),
  ...from('dbt documentation, "profiles.yml"', [
    '.dbt/profiles.yml',
    'credentials of a warehouse',
    entry('password|pass|token|private_key|private_key_passphrase|client_secret'),
  ]),
];
