/** A file of one instance and of whoever worked on it, which no image needs: the seal removes it. */
export interface InstanceFile {
  readonly path: string;
  readonly what: string;
  readonly source: string;
  /** First boot makes it anew, so a fresh instance may have it. */
  readonly isMadeAtBoot: boolean;
}

type Row = readonly [path: string, what: string, source: string];

const LEFT: readonly Row[] = [
  ['.*_history', 'a history', 'bash(1), mysql(1), psql(1), sqlite3(1), Node.js, Python and Ruby documentation'],
  ['.*[-.]history', 'a history', 'mycli, litecli and swipl documentation'],
  [
    '.@(history|zhistory|histfile|pythonhist|rediscli_history)',
    'a history',
    'tcsh(1), zshoptions(1), redis-cli documentation',
  ],
  ['.Rhistory', 'a history of R', 'R documentation, "savehistory"'],
  ['.octave_hist', 'a history of Octave', 'GNU Octave manual, "Commands for History Manipulation"'],
  ['.lesshst', 'a history of less', 'less(1), LESSHISTFILE'],
  ['.dbshell', 'a history of the mongo shell', 'MongoDB manual, "mongo: Files"'],
  ['.mongodb/mongosh/*_history', 'a history of mongosh', 'MongoDB documentation, "mongosh: Logs and history"'],
  ['.mongodb/mongosh/*_log', 'a log of mongosh', 'MongoDB documentation, "mongosh: Logs and history"'],
  ['.zsh_sessions', 'sessions of zsh', 'zsh on macOS: /etc/zshrc_Apple_Terminal'],
  ['.local/share/fish/fish_history', 'a history of fish', 'fish documentation, "history"'],
  ['.local/share/atuin/*.db*', 'a history of shells', 'Atuin documentation, "db_path"'],
  ['.config/nushell/history.@(txt|sqlite3*)', 'a history of Nushell', 'The Nushell Book, "Configuration"'],
  [
    '.local/share/powershell/PSReadLine/*_history.txt',
    'a history of PowerShell',
    'PSReadLine documentation, "HistorySavePath"',
  ],
  ['.config/@(pgcli|litecli|mycli)/history', 'a history of a data base client', 'pgcli documentation, "Config"'],
  ['.cassandra/@(cqlsh_history|cli.history)', 'a history of cqlsh', 'Cassandra documentation, "cqlsh"'],
  ['.ipython/profile_*/history.sqlite*', 'a history of IPython', 'IPython documentation, "HistoryManager"'],
  ['.julia/logs/repl_history.jl', 'a history of Julia', 'Julia manual, "The Julia REPL"'],
  [
    '.local/state/@(bash|python|psql|less|node)/*hist*',
    'a history',
    'XDG Base Directory Specification, XDG_STATE_HOME',
  ],
  ['.viminfo', 'a history of Vim', 'Vim reference, "viminfo-file"'],
  ['.local/@(share|state)/nvim/shada/*', 'a history of Neovim', 'Neovim reference, "shada-file"'],
  ['.aws/cli/cache/*.json', 'temporary keys of AWS', 'AWS CLI User Guide, "Using an IAM role in the AWS CLI"'],
  ['.aws/boto/cache/*.json', 'temporary keys of AWS', 'boto3 documentation, "Credentials: JSONFileCache"'],
  ['.ecr/cache.json', 'temporary logins of Amazon ECR', 'amazon-ecr-credential-helper README, "Configuration"'],
  ['.local/share/jupyter/runtime/*', 'the keys of running kernels', 'Jupyter documentation, "Common Directories"'],
];

const MADE_AT_BOOT: readonly Row[] = [
  ['.ssh/authorized_keys?(2)', 'keys that may log in', 'sshd(8), AuthorizedKeysFile; cloud-init documentation, "SSH"'],
  ['/var/lib/systemd/coredump/*', 'the memory of a program', 'coredump.conf(5)'],
  ['/var/crash/*', 'the memory of a program', 'Ubuntu documentation, "Apport", "Kernel crash dump"'],
  ['.wget-hsts', 'hosts that wget talked to', 'wget(1), --hsts-file'],
  ['/etc/ssh/ssh_host_*', 'a host key of SSH', 'EC2 Image Builder User Guide, "Security best practices"'],
  [
    '/etc/pki/@(consumer|entitlement)/*.pem',
    'the registration of Red Hat',
    'Red Hat documentation, "subscription-manager clean"',
  ],
];

export const INSTANCE_FILES: readonly InstanceFile[] = [
  ...LEFT.map(([path, what, source]) => ({ path, what, source, isMadeAtBoot: false })),
  ...MADE_AT_BOOT.map(([path, what, source]) => ({ path, what, source, isMadeAtBoot: true })),
];
