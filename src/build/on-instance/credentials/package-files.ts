import { entry, from, IN_URL, member, setting, VALUE } from './credential-file.js';

const NPM = `_(authToken|auth|password) *= *${VALUE}`;
const PIP = `${IN_URL}|${setting('password')}`;
const DNF = `${IN_URL}|${setting('password|proxy_password')}`;
const NUGET = '(ClearText)?Password" +value="[^"]';
const SPACK = entry('secret|access_token|access_pair');
const BUNDLER = 'BUNDLE_[A-Z0-9_]+: *"?[^" :/]+:[^" :/]';

/** What tools that fetch and publish packages keep. */
export const PACKAGE_FILES = [
  ...from(
    'npm documentation, ".npmrc: Auth related configuration"',
    ['.npmrc', 'a token of an npm registry', NPM],
    ['/etc/npmrc', 'a token of an npm registry', NPM],
    ['/usr/etc/npmrc', 'a token of an npm registry', NPM],
    ['/usr/local/etc/npmrc', 'a token of an npm registry', NPM],
  ),
  ...from('Yarn documentation, "Settings: npmAuthToken, npmAuthIdent"', [
    '.yarnrc.yml',
    'a token of an npm registry',
    entry('npmAuthToken|npmAuthIdent'),
  ]),
  ...from('Bun documentation, "bunfig.toml: install.registry"', [
    '.bunfig.toml',
    'a token of an npm registry',
    setting('token|password'),
  ]),
  ...from('Python Packaging User Guide, "The .pypirc file"', ['.pypirc', 'a login of a Python package index']),
  ...from(
    'pip documentation, "Configuration", "Authentication: Basic HTTP authentication"',
    ['.pip/pip.conf', 'the password of a Python package index', PIP],
    ['.config/pip/pip.conf', 'the password of a Python package index', PIP],
    ['/etc/pip.conf', 'the password of a Python package index', PIP],
    ['/etc/xdg/pip/pip.conf', 'the password of a Python package index', PIP],
  ),
  ...from(
    'uv documentation, "Configuration files", "HTTP credentials"',
    ['.config/uv/uv.toml', 'the password of a Python package index', IN_URL],
    ['.local/share/uv/credentials/credentials.toml', 'the password of a Python package index'],
  ),
  ...from('Poetry documentation, "Configuring credentials"', [
    '.config/pypoetry/auth.toml',
    'the password of a Python package index',
    setting('[A-Za-z0-9_-]+'),
  ]),
  ...from(
    'conda documentation, "Using the .condarc conda configuration file"; anaconda-client: utils/config.py',
    ['.condarc', 'the token of a conda channel', `${IN_URL}|/t/[A-Za-z0-9-]+/`],
    ['.config/conda/@(condarc|.condarc)', 'the token of a conda channel', `${IN_URL}|/t/[A-Za-z0-9-]+/`],
    ['.continuum/anaconda-client/tokens/*.token', 'a token of a conda channel'],
  ),
  ...from('The Cargo Book, "cargo login"', ['.cargo/credentials?(.toml)', 'a token of a crate registry']),
  ...from(
    'RubyGems Guides, "API key scopes"',
    ['.gem/credentials', 'a key of a gem server'],
    ['.local/share/gem/credentials', 'a key of a gem server'],
  ),
  ...from('Bundler documentation, "bundle config: Credentials for gem sources"', [
    '.bundle/config',
    'the password of a gem server',
    BUNDLER,
  ]),
  ...from(
    'Composer documentation, "Authentication for privately hosted packages"',
    ['.composer/auth.json', 'a login of a PHP package index', '": *"[^"]'],
    ['.config/composer/auth.json', 'a login of a PHP package index', '": *"[^"]'],
  ),
  ...from(
    'Maven documentation, "Settings Reference: Servers", "Password Encryption"',
    ['.m2/settings.xml', 'the password of a Maven repository', '<(password|passphrase)>[^<$]'],
    ['.m2/settings-security.xml', 'the master password of Maven', '<master>[^<]'],
  ),
  ...from('Gradle User Manual, "Build Environment: Gradle properties"', [
    '.gradle/gradle.properties',
    'a password for Gradle',
    setting('[A-Za-z0-9_.-]*([Pp]assword|[Tt]oken|[Ss]ecret|[Aa]pi[._]?[Kk]ey)'),
  ]),
  ...from('sbt Reference Manual, "Publishing: Credentials"', [
    '.@(sbt|ivy2)/.credentials',
    'the password of an Ivy repository',
    setting('password'),
  ]),
  ...from(
    'NuGet documentation, "nuget.config reference: packageSourceCredentials"',
    ['.nuget/NuGet/NuGet.Config', 'the password of a NuGet feed', NUGET],
    ['.config/NuGet/NuGet.Config', 'the password of a NuGet feed', NUGET],
  ),
  ...from('Conan documentation, "credentials.json"', [
    '.@(conan|conan2)/credentials.json',
    'a login of a Conan remote',
    member('password'),
  ]),
  ...from('Hex documentation, "mix hex.user"', [
    '.hex/hex.config',
    'a key of a Hex repository',
    'api_key|encrypted_key|auth_key|write_key',
  ]),
  ...from('Dart documentation, "dart pub token"', [
    '.config/dart/pub-tokens.json',
    'a token of a Dart package server',
    member('token'),
  ]),
  ...from('CPAN::Uploader documentation, "Configuration"', ['.pause', 'a password of PAUSE', '^ *password +[^ ]']),
  ...from('Pkg.jl documentation, "Package and Storage Server"', [
    '.julia/servers/*/auth.toml',
    'a token of a Julia package server',
  ]),
  ...from(
    'apt_auth.conf(5)',
    ['/etc/apt/auth.conf', 'the password of a package repository', 'password +[^ ]'],
    ['/etc/apt/auth.conf.d/!(90ubuntu-advantage*)', 'the password of a package repository', 'password +[^ ]'],
    ['/etc/apt/sources.list', 'the password of a package repository', IN_URL],
    ['/etc/apt/sources.list.d/*', 'the password of a package repository', IN_URL],
  ),
  ...from(
    'dnf.conf(5), "[main] and repo options: password, proxy_password"',
    ['/etc/yum.repos.d/*.repo', 'the password of a package repository', DNF],
    ['/etc/yum.conf', 'the password of a package repository', DNF],
    ['/etc/dnf/dnf.conf', 'the password of a package repository', DNF],
  ),
  ...from(
    'Spack documentation, "Mirrors: access credentials", "GPG signing"',
    ['.spack/mirrors.yaml', 'keys of a Spack mirror', SPACK],
    ['.spack/*/mirrors.yaml', 'keys of a Spack mirror', SPACK],
    ['/opt/spack/etc/spack/mirrors.yaml', 'keys of a Spack mirror', SPACK],
    ['/opt/spack/opt/spack/gpg/private-keys-v1.d/*', 'the key that signs Spack packages'],
  ),
];
