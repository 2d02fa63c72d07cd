/** How text begins that is a private key: PEM and OpenSSH, PGP, SSH.com, PuTTY, age. */
export const KEY_BEGINS =
  '-{4,5} ?BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)? ?-{4,5}|PuTTY-User-Key-File-[0-9]|AGE-SECRET-KEY-1';

/** What follows within a few lines if it is one, and not a program or a text that speaks of keys. */
export const KEY_BODY = '[A-Za-z0-9+/=]{60}|AGE-SECRET-KEY-1[A-Z0-9]{58}';

/** A larger file is none of a person's or a service's; 64 KB, in blocks of 512 bytes. */
export const KEY_BLOCKS = 128;

/** Read through as deep as they go, as every home is. */
export const OWN_TREES = ['/root', '/home', '/etc'] as const;

/** Where software lies beside what was configured for it; as deep as five folders. So is every top folder of no system. */
export const SOFTWARE_TREES = ['/opt', '/srv', '/usr/local', '/var/lib', '/var/opt', '/var/www'] as const;
export const SOFTWARE_DEPTH = 5;

/** Homes of accounts that nobody logs in to; looked into for named files only. */
export const SYSTEM_TREES = [
  '/bin',
  '/boot',
  '/sbin',
  '/tmp',
  '/usr',
  '/var/cache',
  '/var/log',
  '/var/spool',
  '/var/tmp',
] as const;

/** Top folders of a system, which are looked into as the other lists say, or hold nothing of an image. */
export const TOP_FOLDERS = [
  '/.snapshots',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/lost+found',
  '/opt',
  '/ostree',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/srv',
  '/sys',
  '/sysroot',
  '/tmp',
  '/usr',
  '/var',
] as const;

/** Folders of installed packages, which come with keys for their tests. */
export const PACKAGE_FOLDERS = [
  'site-packages',
  'dist-packages',
  'node_modules',
  'python[23].*',
  'testdata',
  'pkgs',
] as const;
export const PACKAGE_PATHS = [
  '/usr/local/go',
  '/opt/go',
  '*/go/pkg/mod',
  '*/.cargo/registry',
  '*/.rustup/toolchains',
  '*/.gradle/caches',
] as const;

/** Folders that hold no configuration where software lies. */
export const SOFTWARE_FOLDERS = ['test', 'tests', 'fixtures', 'doc', 'docs', 'man', 'examples', 'include'] as const;

/** Folders of programs that keep other machines' disks, or what is made anew at first boot. */
export const OTHER_TREES = [
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/snapd',
  '/var/lib/flatpak',
  '/var/lib/dpkg',
  '/var/lib/rpm',
  '/var/lib/cloud',
] as const;

interface ExpectedKey {
  /** A pattern of bash's `case`. */
  readonly path: string;
  readonly why: string;
}

/** Keys that may be there, as nobody trusts them or the vendor means them to be. */
export const EXPECTED_KEYS: readonly ExpectedKey[] = [
  { path: '/etc/ssh/ssh_host_*', why: 'removed by the seal, made anew at first boot' },
  { path: '/etc/pki/consumer/*', why: 'removed by the seal, made anew by a machine that registers itself' },
  { path: '/etc/pki/entitlement/*', why: 'removed by the seal, made anew by a machine that registers itself' },
  { path: '/etc/pki/rhui/*', why: "Red Hat's, in its images for everybody (Red Hat Update Infrastructure)" },
  { path: '/etc/ssl/private/ssl-cert-snakeoil.key', why: 'self-signed, by the package ssl-cert of Debian' },
  { path: '/etc/pki/tls/private/localhost.key', why: 'self-signed, by the package mod_ssl of Fedora and its kin' },
  { path: '/etc/pki/tls/private/postfix.key', why: 'self-signed, by the package postfix of Fedora and its kin' },
  { path: '/etc/cockpit/ws-certs.d/0-self-signed*', why: 'self-signed, by cockpit' },
  { path: '/var/lib/dkms/mok.key', why: 'signs modules for a firmware it was enrolled in by hand, by dkms' },
  {
    path: '/var/lib/shim-signed/mok/*',
    why: 'signs modules for a firmware it was enrolled in by hand, by shim-signed',
  },
  { path: '/var/lib/fwupd/pki/*', why: 'signs reports, made by fwupd where it is missing' },
  { path: '/var/lib/amazon/ssm/*', why: "the agent's registration; of no use to another instance" },
];
