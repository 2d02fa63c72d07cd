import { entry, from, GIT, member, setting } from './credential-file.js';

const TERRAFORM = setting('token');

/** Tokens whose form says what they are (GitHub, GitLab, npm, Hugging Face, Slack), and keys of AWS. */
const TOKEN =
  'AWS_SECRET_ACCESS_KEY *= *["\']?[A-Za-z0-9/+]{40}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50}|' +
  'glpat-[A-Za-z0-9_-]{20}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30}|xox[abprs]-[A-Za-z0-9-]{10}';

/** What other programs of a person keep: source code, secrets, data bases, models, mail, and shells. */
export const TOOL_FILES = [
  ...from(
    'ssh-keygen(1), Files; EC2 User Guide, "Create a key pair"',
    ['.ssh/id_!(*.pub)', 'a private key of SSH'],
    ['.ssh/*.pem', 'a private key of SSH'],
  ),
  ...from(
    'GnuPG manual, "Configuration files"',
    ['.gnupg/private-keys-v1.d/*', 'a private key of GnuPG'],
    ['.gnupg/secring.gpg', 'private keys of GnuPG'],
  ),
  ...from('netrc(5); curl documentation, "--netrc"', ['@(.|_)netrc', 'passwords of servers']),
  ...from('Emacs auth-source manual, "Help for users"', ['.authinfo', 'passwords of servers']),
  ...from(
    'git-credential-store(1), git-config(1)',
    ['.git-credentials', 'passwords of git servers'],
    ['.config/git/credentials', 'passwords of git servers'],
    ['.gitconfig', 'a password of a git server', GIT],
    ['.config/git/config', 'a password of a git server', GIT],
    ['/etc/gitconfig', 'a password of a git server', GIT],
  ),
  ...from('GitHub CLI manual, "gh auth login"', ['.config/gh/hosts.yml', 'a token of GitHub']),
  ...from('hub(1), Configuration', ['.config/hub', 'a token of GitHub']),
  ...from('GitHub Copilot documentation, "Vim and Neovim"', [
    '.config/github-copilot/@(hosts|apps).json',
    'a token of GitHub',
  ]),
  ...from(
    'GitHub documentation, "Self-hosted runners"; actions/runner: ConfigurationStore.cs',
    ['actions-runner/.credentials?(_rsaparams)', 'the registration of a GitHub runner'],
    ['/opt/actions-runner/.credentials?(_rsaparams)', 'the registration of a GitHub runner'],
  ),
  ...from('GitLab CLI documentation, "glab auth login"', [
    '.config/glab-cli/config.yml',
    'a token of GitLab',
    entry('token|oauth2_refresh_token'),
  ]),
  ...from(
    'GitLab Runner documentation, "Advanced configuration"',
    ['/etc/gitlab-runner/config.toml', 'the token of a GitLab runner', setting('token')],
    ['.gitlab-runner/config.toml', 'the token of a GitLab runner', setting('token')],
  ),
  ...from('CircleCI documentation, "CLI configuration"', ['.circleci/cli.yml', 'a token of CircleCI', entry('token')]),
  ...from('Travis CI client README, "login"', ['.travis/config.yml', 'a token of Travis CI', entry('access_token')]),
  ...from('Vault documentation, "Token helpers"', ['.vault-token', 'a token of Vault']),
  ...from(
    'Terraform documentation, "CLI Configuration File", "terraform login"',
    ['.terraform.d/credentials.tfrc.json', 'a token of Terraform'],
    ['.@(terraform|tofu)rc', 'a token of Terraform', TERRAFORM],
  ),
  ...from('Pulumi documentation, "pulumi login"', ['.pulumi/credentials.json', 'a token of Pulumi', member('[^"]*')]),
  ...from('Ansible documentation, "Managing vault passwords"', [
    '.vault_pass?(.txt)',
    'the password of an Ansible vault',
  ]),
  ...from('Doppler documentation, "CLI"', ['.doppler/.doppler.yaml', 'a token of Doppler', entry('token')]),
  ...from('Bitwarden documentation, "Password Manager CLI"', [
    '.config/Bitwarden CLI/data.json',
    'the session of a password manager',
  ]),
  ...from(
    'ngrok documentation, "Agent configuration file"',
    ['.config/ngrok/ngrok.yml', 'a token of ngrok', entry('authtoken')],
    ['.ngrok2/ngrok.yml', 'a token of ngrok', entry('authtoken')],
  ),
  ...from('PostgreSQL documentation, "The Password File"', ['.pgpass', 'passwords of PostgreSQL']),
  ...from(
    'MySQL Reference Manual, "Using Option Files", "mysql_config_editor"',
    ['.my.cnf', 'a password of MySQL', setting('password')],
    ['.mylogin.cnf', 'passwords of MySQL'],
  ),
  ...from('Cassandra documentation, "cqlsh"', [
    '.cassandra/@(credentials|cqlshrc)',
    'a password of Cassandra',
    setting('password'),
  ]),
  ...from(
    'unixODBC manual, "odbc.ini"',
    ['.odbc.ini', 'a password of a data base', setting('PWD|Pwd|pwd|Password|password')],
    ['/etc/odbc.ini', 'a password of a data base', setting('PWD|Pwd|pwd|Password|password')],
  ),
  ...from('InfluxDB documentation, "influx config"', ['.influxdbv2/configs', 'a token of InfluxDB', setting('token')]),
  ...from(
    'Hugging Face documentation, "huggingface_hub: Environment variables"',
    ['.cache/huggingface/@(token|stored_tokens)', 'a token of Hugging Face'],
    ['.huggingface/token', 'a token of Hugging Face'],
  ),
  ...from('Kaggle API README, "API credentials"', ['.kaggle/@(kaggle.json|access_token)', 'a key of Kaggle']),
  ...from('Weights & Biases documentation, "wandb login"', [
    '.config/wandb/settings',
    'a key of Weights & Biases',
    setting('api_key'),
  ]),
  ...from('NGC CLI documentation, "ngc config set"', ['.ngc/config', 'a key of NVIDIA NGC', setting('apikey')]),
  ...from('Comet documentation, "Configure Comet"', ['.comet.config', 'a key of Comet', setting('api_key')]),
  ...from('MLflow documentation, "Authentication"', ['.mlflow/credentials', 'a password of MLflow']),
  ...from(
    'Claude Code, Codex CLI and Gemini CLI documentation, "Authentication"',
    ['.claude/.credentials.json', 'a token of Claude Code'],
    ['.codex/auth.json', 'a token of Codex'],
    ['.gemini/oauth_creds.json', 'a token of Gemini CLI'],
  ),
  ...from(
    'Jupyter Server documentation, "Running a public Jupyter server"',
    [
      '.jupyter/jupyter_@(server|notebook)_config.json',
      'a password of Jupyter',
      member('password|hashed_password|token'),
    ],
    [
      '.jupyter/jupyter_@(server|notebook|lab)_config.py',
      'a password of Jupyter',
      '^ *c\\..*(token|password) *= *u?["\'][^"\']',
    ],
  ),
  ...from(
    'msmtp manual, "Configuration files"; ssmtp.conf(5)',
    ['.msmtprc', 'a password of a mail server', '^ *password +[^ ]'],
    ['/etc/msmtprc', 'a password of a mail server', '^ *password +[^ ]'],
    ['/etc/ssmtp/ssmtp.conf', 'a password of a mail server', setting('AuthPass')],
  ),
  ...from('mount.cifs(8), "credentials="', ['.smbcredentials', 'a password of a file server']),
  ...from(
    'HTCondor Manual, "IDTOKENS Authentication"; Globus CLI: login_manager; iRODS documentation, "iinit"',
    ['.condor/tokens.d/*', 'a token of HTCondor'],
    ['.globus/cli/storage.db', 'tokens of Globus'],
    ['.globus/*.p12', 'a key of Globus'],
    ['.irods/.irodsA', 'a password of iRODS'],
  ),
  ...from(
    'Documentation of bash, zsh and pam_env(8), "Files"; GitHub documentation, "About authentication: token formats"',
    ['.@(bashrc|bash_profile|profile|zshrc|zshenv|env|Renviron)', 'a token in the environment', TOKEN],
    ['/etc/@(environment|profile|bash.bashrc|bashrc)', 'a token in the environment', TOKEN],
    ['/etc/profile.d/*', 'a token in the environment', TOKEN],
  ),
  ...from(
    'systemd.exec(5), "Environment=, EnvironmentFile="; crontab(5)',
    ['/etc/@(default|sysconfig)/*', 'a token in the environment of a service', TOKEN],
    ['/etc/systemd/system/*.service', 'a token in the environment of a service', TOKEN],
    ['/etc/systemd/system/*.d/*.conf', 'a token in the environment of a service', TOKEN],
    ['/etc/cron.d/*', 'a token in the environment of a job', TOKEN],
    ['/var/spool/cron/*', 'a token in the environment of a job', TOKEN],
    ['/var/spool/cron/crontabs/*', 'a token in the environment of a job', TOKEN],
  ),
];
