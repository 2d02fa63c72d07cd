/** A text with a credential, and one without that the same program writes. */
export type Sample = readonly [leaking: string, harmless: string];

const KUBE: Sample = [
  'users:\n- name: admin\n  user:\n    client-key-data: LS0tLS1CRUdJTg==\n',
  'users:\n- name: aws\n  user:\n    exec:\n      command: aws\n      args: [eks, get-token]\n',
];
const LOGIN: Sample = [
  '{\n  "auths": {"registry.example": {"auth":\n    "dXNlcjpwYXNz"}}\n}\n',
  '{"auths": {"registry.example": {}}, "credHelpers": {"registry.example": "ecr-login"}}\n',
];
const NPM: Sample = [
  'registry=https://registry.example\n//registry.example/:_authToken=npm-1234\n',
  '# //registry.example/:x\n//registry.example/:_authToken=${NPM_TOKEN}\n',
];
const PIP: Sample = [
  '[global]\nindex-url = https://me:word@packages.example/simple\n',
  '[global]\nindex-url = https://$USER:$WORD@packages.example/simple\n; password = x\n',
];
const CONDA: Sample = ['channels: [https://conda.example/t/tk-12-34/main]\n', 'channels: [conda-forge]\n'];
const RCLONE: Sample = ['[store]\ntype = s3\nsecret_access_key = abc\n', '[store]\ntype = s3\nenv_auth = true\n'];
const SNOWFLAKE: Sample = ['[connections.a]\npassword = "abc"\n', '[connections.a]\n#password = "abc"\nuser = "me"\n'];
const CLOUDS: Sample = [
  'clouds:\n  a:\n    auth: {username: me, password: abc}\n',
  'clouds:\n  a:\n    auth_type: v3\n',
];
const BOTO: Sample = ['[Credentials]\naws_secret_access_key = abc\n', '[Boto]\nhttps_validate_certificates = True\n'];
const NUGET: Sample = [
  '<add key="ClearTextPassword" value="abc" />\n',
  '<add key="a" value="https://feed.example" />\n',
];
const COMPOSER: Sample = ['{"github-oauth": {"github.com": "abc"}}\n', '{"http-basic": {}}\n'];
const DNF: Sample = ['[a]\nbaseurl=https://a.example\npassword=abc\n', '[a]\nbaseurl=https://a.example\ngpgcheck=1\n'];
const SPACK: Sample = [
  'mirrors:\n  a:\n    push:\n      access_pair: [id, abc]\n      secret: abc\n',
  'mirrors:\n  a: {url: https://mirror.example, secret: }\n',
];
const GIT: Sample = [
  '[url "https://me:abc@git.example"]\n',
  '[url "https://me@git.example/"]\n\tinsteadOf = git@git.example:\n[url "ssh://git@git.example/"]\n',
];
const RUNNER: Sample = ['[[runners]]\n  token = "abc"\n', 'concurrent = 1\n'];
const NGROK: Sample = ['version: 2\nauthtoken: abc\n', 'version: 2\n'];
const ODBC: Sample = ['[a]\nPWD = abc\n', '[a]\nServer = db.example\n'];
const MSMTP: Sample = ['account a\npassword abc\n', 'account a\npasswordeval pass show a\n'];
const SHELL: Sample = [
  'export GITHUB_TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\n',
  'export GITHUB_TOKEN=$(cat /run/token) PATH=$PATH:/opt/ghp_tools\n',
];
const SLURMDBD: Sample = ['StoragePass=abc\n', '#StoragePass=abc\nStorageUser=slurm\n'];
const SSSD: Sample = ['[domain/a]\nldap_default_authtok = abc\n', '[domain/a]\n# ldap_default_authtok = abc\n'];
const APT: Sample = ['machine a.example login me password abc\n', '# nothing\n'];
const SOURCES: Sample = ['deb https://me:abc@deb.example stable main\n', 'deb https://deb.example stable main\n'];
const HELM: Sample = ['repositories:\n- name: a\n  password: abc\n', 'repositories:\n- name: a\n  password: ""\n'];

function ini(key: string): Sample {
  return [`[a]\n${key} = "abc"\n`, `[a]\n# ${key} = "abc"\n${key} =\nother = x\n`];
}

function yaml(key: string): Sample {
  return [`a:\n  ${key}: abc\n`, `a:\n  # ${key}: abc\n  ${key}:\n  other: x\n`];
}

function json(key: string): Sample {
  return [`{"a": {"${key}":\n  "abc"}}\n`, `{"a": {"${key}": "", "other": "x"}}\n`];
}

/** For every file that is refused by what it holds: by its path in the table. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  '.aws/config': ini('aws_secret_access_key'),
  '.boto': BOTO,
  '/etc/boto.cfg': BOTO,
  '.s3cfg': ini('secret_key'),
  '.azure/accessTokens.json': ['[{"accessToken": "abc"}]\n', '[]\n'],
  '.oci/config': ini('pass_phrase'),
  '.aliyun/config.json': json('access_key_secret'),
  '.bluemix/config.json': json('IAMRefreshToken'),
  '.config/doctl/config.yaml': yaml('access-token'),
  '.config/hcloud/cli.toml': ini('token'),
  '.config/linode-cli': ini('token'),
  '.config/scw/config.yaml': yaml('secret_key'),
  '.fly/config.yml': yaml('access_token'),
  '.config/configstore/firebase-tools.json': json('refresh_token'),
  '.config/netlify/config.json': json('token'),
  '.local/share/com.vercel.cli/auth.json': json('token'),
  '.config/.wrangler/config/default.toml': ini('oauth_token'),
  '.config/openstack/@(clouds|secure).yaml': CLOUDS,
  '/etc/openstack/@(clouds|secure).yaml': CLOUDS,
  '.config/rclone/rclone.conf': RCLONE,
  '.rclone.conf': RCLONE,
  '.mc/config.json': json('secretKey'),
  '.databrickscfg': ini('token'),
  '.snowsql/config': SNOWFLAKE,
  '.snowflake/@(config|connections).toml': SNOWFLAKE,
  '.config/snowflake/@(config|connections).toml': SNOWFLAKE,
  '.dbt/profiles.yml': ['a:\n  password: abc\n', `a:\n  password: "{{ env_var('PASSWORD') }}"\n`],
  '.kube/config*': KUBE,
  '.kube/*.@(conf|config|yaml|yml)': KUBE,
  '/etc/kubernetes/*.conf': KUBE,
  '/var/lib/kubelet/*kubeconfig': KUBE,
  '/var/lib/kubelet/config.json': LOGIN,
  '/etc/rancher/@(k3s|rke2)/@(k3s|rke2).yaml': KUBE,
  '/etc/rancher/@(k3s|rke2)/config.yaml': yaml('token'),
  '/etc/rancher/@(k3s|rke2)/registries.yaml': yaml('password'),
  '.rancher/cli2.json': json('tokenKey'),
  '.docker/config.json': LOGIN,
  '.dockercfg': ['{"registry.example": {"auth": "dXNlcjpwYXNz"}}\n', '{}\n'],
  '.config/containers/auth.json': LOGIN,
  '/etc/containers/auth.json': LOGIN,
  '.config/helm/registry/config.json': LOGIN,
  '.config/helm/repositories.yaml': HELM,
  '.helm/repository/repositories.yaml': HELM,
  '.@(apptainer|singularity)/docker-config.json': LOGIN,
  '.@(apptainer|singularity)/remote.yaml': yaml('Token'),
  '.config/argocd/config': yaml('auth-token'),
  '.npmrc': NPM,
  '/etc/npmrc': NPM,
  '/usr/etc/npmrc': NPM,
  '/usr/local/etc/npmrc': NPM,
  '.yarnrc.yml': ['npmAuthToken: "abc"\n', 'npmAuthToken: "${NPM_TOKEN}"\nnodeLinker: node-modules\n'],
  '.bunfig.toml': [
    '[install]\nregistry = { url = "https://a.example", token = "abc" }\n',
    '[install]\nfrozen = true\n',
  ],
  '.pip/pip.conf': PIP,
  '.config/pip/pip.conf': PIP,
  '/etc/pip.conf': PIP,
  '/etc/xdg/pip/pip.conf': PIP,
  '.config/uv/uv.toml': ['index-url = "https://me:abc@a.example"\n', 'index-url = "https://a.example/simple"\n'],
  '.config/pypoetry/auth.toml': ['[pypi-token]\npypi = "abc"\n', '[pypi-token]\n'],
  '.condarc': CONDA,
  '.config/conda/@(condarc|.condarc)': CONDA,
  '.bundle/config': ['BUNDLE_GEMS__EXAMPLE: "me:abc"\n', 'BUNDLE_PATH: "vendor"\nBUNDLE_URL: "https://gems.example"\n'],
  '.composer/auth.json': COMPOSER,
  '.config/composer/auth.json': COMPOSER,
  '.m2/settings.xml': [
    '<server><password>abc</password></server>\n',
    '<server><password>${env.WORD}</password></server>\n',
  ],
  '.m2/settings-security.xml': ['<master>{abc}</master>\n', '<settingsSecurity></settingsSecurity>\n'],
  '.gradle/gradle.properties': ['signing.password=abc\n', 'org.gradle.jvmargs=-Xmx2g\n#signing.password=abc\n'],
  '.@(sbt|ivy2)/.credentials': ini('password'),
  '.nuget/NuGet/NuGet.Config': NUGET,
  '.config/NuGet/NuGet.Config': NUGET,
  '.@(conan|conan2)/credentials.json': json('password'),
  '.hex/hex.config': ['{api_key,<<"abc">>}.\n', '{offline,false}.\n'],
  '.config/dart/pub-tokens.json': json('token'),
  '.pause': ['user ME\npassword abc\n', 'user ME\n'],
  '/etc/apt/auth.conf': APT,
  '/etc/apt/auth.conf.d/!(90ubuntu-advantage*)': APT,
  '/etc/apt/sources.list': SOURCES,
  '/etc/apt/sources.list.d/*': SOURCES,
  '/etc/yum.repos.d/*.repo': DNF,
  '/etc/yum.conf': DNF,
  '/etc/dnf/dnf.conf': DNF,
  '.spack/mirrors.yaml': SPACK,
  '.spack/*/mirrors.yaml': SPACK,
  '/opt/spack/etc/spack/mirrors.yaml': SPACK,
  '.gitconfig': GIT,
  '.config/git/config': GIT,
  '/etc/gitconfig': GIT,
  '.config/glab-cli/config.yml': yaml('token'),
  '/etc/gitlab-runner/config.toml': RUNNER,
  '.gitlab-runner/config.toml': RUNNER,
  '.circleci/cli.yml': ['token: abc\n', 'host: https://ci.example\ntoken: ""\n'],
  '.travis/config.yml': yaml('access_token'),
  '.@(terraform|tofu)rc': ['credentials "a.example" {\n  token = "abc"\n}\n', 'plugin_cache_dir = "/var/cache/a"\n'],
  '.pulumi/credentials.json': ['{"accessTokens": {"a": "abc"}}\n', '{}\n'],
  '.doppler/.doppler.yaml': yaml('token'),
  '.config/ngrok/ngrok.yml': NGROK,
  '.ngrok2/ngrok.yml': NGROK,
  '.my.cnf': ['[client]\npassword=abc\n', '[client]\nuser=me\n#password=abc\n'],
  '.cassandra/@(credentials|cqlshrc)': ini('password'),
  '.odbc.ini': ODBC,
  '/etc/odbc.ini': ODBC,
  '.influxdbv2/configs': ini('token'),
  '.config/wandb/settings': ini('api_key'),
  '.ngc/config': ini('apikey'),
  '.comet.config': ini('api_key'),
  '.jupyter/jupyter_@(server|notebook)_config.json': json('hashed_password'),
  '.jupyter/jupyter_@(server|notebook|lab)_config.py': [
    "c.ServerApp.password = 'argon2:abc'\n",
    "# c.ServerApp.password = 'abc'\nc.ServerApp.token = ''\n",
  ],
  '.msmtprc': MSMTP,
  '/etc/msmtprc': MSMTP,
  '/etc/ssmtp/ssmtp.conf': ['AuthPass=abc\n', 'mailhub=mail.example\n'],
  '.@(bashrc|bash_profile|profile|zshrc|zshenv|env|Renviron)': SHELL,
  '/etc/@(environment|profile|bash.bashrc|bashrc)': SHELL,
  '/etc/profile.d/*': SHELL,
  '/etc/@(default|sysconfig)/*': SHELL,
  '/etc/systemd/system/*.service': SHELL,
  '/etc/systemd/system/*.d/*.conf': SHELL,
  '/etc/cron.d/*': SHELL,
  '/var/spool/cron/*': SHELL,
  '/var/spool/cron/crontabs/*': SHELL,
  '/etc/slurm*/slurmdbd.conf': SLURMDBD,
  '/opt/slurm/etc/slurmdbd.conf': SLURMDBD,
  '/usr/local/etc/slurmdbd.conf': SLURMDBD,
  '/etc/sssd/sssd.conf': SSSD,
  '/etc/sssd/conf.d/*.conf': SSSD,
  '/etc/wireguard/*': ['[Interface]\nPrivateKey = abc\n', '[Interface]\nAddress = 10.0.0.1/24\n'],
  '/etc/ipsec.secrets': [': PSK "abc"\n', '# : PSK "abc"\n: RSA host.pem\n'],
  '/etc/ppp/@(chap|pap)-secrets': ['me * abc *\n', '# client server secret IP\n'],
  '/etc/NetworkManager/system-connections/*': [
    '[wireguard]\nprivate-key=abc\n',
    '[connection]\nid=a\n[wifi-security]\nkey-mgmt=wpa-psk\npsk-flags=1\n',
  ],
  '/etc/netplan/*.yaml': [
    'network: {wifis: {w: {access-points: {a: {password: abc}}}}}\n',
    'network: {ethernets: {eth0: {dhcp4: true}}}\n',
  ],
  '/etc/wpa_supplicant/*.conf': ['network={\n  psk="abc"\n}\n', 'network={\n  key_mgmt=NONE\n  #psk="abc"\n}\n'],
  '/etc/systemd/network/*.netdev': ['[WireGuard]\nPrivateKey=abc\n', '[WireGuard]\nPrivateKeyFile=/run/key\n'],
  '/etc/postfix/sasl_passwd': ['[mail.example]:587 me:abc\n', '# [mail.example]:587 me:abc\n'],
  '/etc/buildkite-agent/buildkite-agent.cfg': ['token="abc"\n', 'token="xxx"\n'],
};
