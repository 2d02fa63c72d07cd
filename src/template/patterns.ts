import { z } from 'zod';

/** No value of a given form is longer: an ARN of a parameter with the longest name is. No regular expression sees more. */
const LONGEST_TEXT = 1_200;

/** Text of a given form. The expectation is a noun phrase; messages say `expected <expectation>`. */
export function text(pattern: RegExp, expectation: string) {
  return z
    .string({ error: expectation })
    .refine((value) => value.length <= LONGEST_TEXT, { error: expectation, abort: true })
    .regex(pattern, { error: expectation });
}

/** Any text that is not blank, of any length. */
export function prose(expectation: string) {
  return z.string({ error: expectation }).regex(/\S/, { error: expectation });
}

/** Any text, and what looseText takes for text. */
export function looseProse() {
  return z
    .string({ error: 'text' })
    .regex(/^/, { error: 'text' })
    .meta({ type: ['string', 'number', 'boolean'] });
}

/** Text that may be written as a YAML number or boolean: the reader hands over its source, so `4.10` stays "4.10". */
export function looseText(pattern: RegExp, expectation: string) {
  return text(pattern, expectation).meta({ type: ['string', 'number', 'boolean'] });
}

export function wholeNumber(range: { readonly from: number; readonly to: number; readonly unit: string }) {
  const expectation = `a whole number of ${range.unit} from ${range.from} to ${range.to}`;
  return z.int({ error: expectation }).min(range.from, { error: expectation }).max(range.to, { error: expectation });
}

export const LAYER_NAME = /^[a-z][a-z0-9-]{0,59}$/;
export const LAYER_NAME_EXPECTATION =
  'a layer name: lower-case letters, digits and hyphens, a letter first, at most 60 characters';

export const ONE_LINE = /^[^\r\n]{1,200}$/;
/* eslint-disable no-control-regex -- keeping them out is the point */
/** A file's path, or a pattern for some. No file of a repository has a control character in its name. */
export const PATH = /^[^\u0000-\u001f\u007f]{1,400}$/;
/** A path of a template, or the name of a layer. */
export const PARENT = /^[^\u0000-\u001f\u007f]*(\/[^\u0000-\u001f\u007f]*|\.ya?ml)$|^[a-z][a-z0-9-]{0,59}$/;
/* eslint-enable no-control-regex */

/** https://semver.org, the suggested expression without its named groups. */
export const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(\+[\da-zA-Z-]+(\.[\da-zA-Z-]+)*)?$/;

export const IMAGE_ID = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
/** A template as an image's description: a file or a URL. */
export const DESCRIPTION = /^(?!https?:)[^\r\n#]{1,200}\.ya?ml$|^https:\/\/[^\s#]{1,500}(#sha256=[0-9a-f]{64})?$/;
export const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/;
export const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/** What bash sets itself, or reads before a script (Bash Reference Manual, "Bash Variables" and "Bourne Shell Variables"). */
const OF_BASH =
  'BASH(?:OPTS|PID|_[A-Z_]*)?|COMP_[A-Z]+|COPROC|DIRSTACK|EPOCHREALTIME|EPOCHSECONDS|EUID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|MAPFILE|OLDPWD|OPTARG|OPTERR|OPTIND|PIPESTATUS|POSIXLY_CORRECT|PPID|PS4|PWD|RANDOM|READLINE_[A-Z]+|REPLY|SECONDS|SHELLOPTS|SHLVL|SRANDOM|UID|_';
export const VARIABLE_NAME = new RegExp(`^(?!(?:${OF_BASH})$)[A-Za-z_][A-Za-z0-9_]*$`);

/**
 * What a secret may be called: its last word says what it holds, and no shell, loader, package manager or version control
 * reads it for a switch. A secret's value is not in the hash; it must not be able to steer what an image is made of.
 */
const SECRET_WORDS =
  'KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|PASS|PIN|CREDENTIAL|CREDENTIALS|LICENSE|LICENCE|CERTIFICATE|CERT|AUTH|USERNAME|USER|LOGIN|ACCOUNT|DSN|WEBHOOK';
const READ_BY_PROGRAMS =
  'AWS_|BASH|CARGO_|CC_|CONDA_|CURL_|DEBIAN_|DNF_|DYLD_|ENV_|GIT_|GPG_|JAVA_|LD_|MAKE|MAVEN_|NODE_|NPM_|PERL|PIP_|PYTHON|RPM_|RUBY|SHELL|SPACK_|SSH_|SUDO_|SYSTEMD_|TAR_|WGET_|XDG_|YUM_|ZYPP_';
const ownWord = (words: string): string => `(?:${words}|${words.toLowerCase()})`;
export const SECRET_NAME = new RegExp(
  `^(?!${ownWord(READ_BY_PROGRAMS)})(?!(?:USER|user|LOGIN|login|ENV|env)$)(?:[A-Za-z][A-Za-z0-9]*_)*${ownWord(SECRET_WORDS)}$`,
);
/** GetParameter takes a name or, for a shared one, an ARN (SSM API reference). */
export const PARAMETER = /^(arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?[A-Za-z0-9_./-]{1,1011}$/;
export const MANAGED_SECRET = /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@!-]{1,512}$/;

export const ABSOLUTE_PATH = /^\/(?!(?:.*\/)?\.\.(?:\/|$))[^\r\n\0]{0,1000}$/;
export const MODE = /^[0-7]{3,4}$/;
/** What useradd takes on every family (shadow, "CAVEATS"). */
export const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
export const OWNER = /^([a-z_][a-z0-9_-]{0,31}|\d{1,10})(:([a-z_][a-z0-9_-]{0,31}|\d{1,10}))?$/;

export const KMS_KEY =
  /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[A-Za-z0-9/_-]+|alias\/[A-Za-z0-9/_-]+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
export const ORGANIZATION = /^arn:aws[a-z-]*:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/;
export const ORGANIZATIONAL_UNIT =
  /^arn:aws[a-z-]*:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/;
export const LAPSE = /^[1-9]\d{0,3}d$/;

/** Tag keys have at most 128 characters, values 256, and `aws:` is AWS's own (EC2 User Guide, "Tag restrictions"). */
export const TAG_KEY = /^(?!aws:|ami-layers:)[^\r\n]{1,128}$/i;
export const TAG_VALUE = /^[^\r\n]{0,256}$/;

// What a package list may contain ends up in a shell script. It is quoted there; these patterns also keep out every
// character that means something to a shell in quotes or to an option parser at the start of a word.

/** `gcc`, `g++`, `linux-headers-6.1`, `curl=7.88.*`, `@development-tools`. */
export const OS_PACKAGE = /^@?[A-Za-z0-9][A-Za-z0-9+._:~=*-]*$/;
/** `gromacs@2023.1+mpi ^openmpi@4.1.4 %gcc@11.3.0`: the characters of Spack's spec syntax, without its quoted values. */
export const SPACK_SPEC = /^[A-Za-z0-9_][A-Za-z0-9_.,:=@%^+~/ [\]*-]*$/;
/** `numpy`, `numpy==1.26.4`, `requests[socks]>=2.31,<3`. */
export const PIP_PACKAGE =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?((===|==|>=|<=|~=|!=|>|<)[A-Za-z0-9._*+!-]+(,(===|==|>=|<=|~=|!=|>|<)[A-Za-z0-9._*+!-]+)*)?$/;
/** `scipy`, `scipy=1.13`, `conda-forge::gdal>=3.8,<4`. */
export const CONDA_PACKAGE =
  /^([A-Za-z0-9][A-Za-z0-9._-]*::)?[A-Za-z0-9][A-Za-z0-9._-]*((==|>=|<=|!=|=|>|<)[A-Za-z0-9._*+-]+(,(==|>=|<=|!=|=|>|<)[A-Za-z0-9._*+-]+)*)?$/;
export const BUILDCACHE_URL = /^(https|s3|gs|oci|file):\/\/[A-Za-z0-9._~:/@%+=-]+$/;

/** Named vendor images; `parallelcluster-<version>` comes on top. */
export const BASE_ALIASES = [
  'al2023',
  'al2',
  'ubuntu-24.04',
  'ubuntu-22.04',
  'debian-12',
  'rocky-9',
  'alma-9',
  'rhel-9',
  'dlami-al2023',
  'dlami-ubuntu-22.04',
  'ecs-al2023',
] as const;

export const BASE = new RegExp(
  [
    ...BASE_ALIASES.map((alias) => `^${alias.replaceAll('.', '\\.')}$`),
    '^parallelcluster-\\d+\\.\\d+\\.\\d+$',
    IMAGE_ID.source,
    '^ssm:/[A-Za-z0-9_./-]+$',
  ].join('|'),
);
