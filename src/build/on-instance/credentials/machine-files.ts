import { entry, from, setting } from './credential-file.js';

const SLURMDBD = setting('StoragePass');
const MUNGE = 'the key of a MUNGE realm: who has it can be anybody in the cluster';
const SSSD = setting('ldap_default_authtok|krb5_store_password');

/** What belongs to a machine or a cluster of machines, and would be the same on every instance of the image. */
export const MACHINE_FILES = [
  ...from(
    'MUNGE documentation, "Installation Guide: Creating a Key"',
    ['/etc/munge/munge.key', MUNGE],
    ['/usr/local/etc/munge/munge.key', MUNGE],
    ['/opt/munge/etc/munge/munge.key', MUNGE],
  ),
  ...from(
    'Slurm documentation, "JSON Web Tokens (JWT) Authentication", "slurmdbd.conf: StoragePass"',
    ['/etc/slurm*/@(slurm|jwt*).key', 'the key of a Slurm cluster'],
    ['/opt/slurm/etc/@(slurm|jwt*).key', 'the key of a Slurm cluster'],
    ['/usr/local/etc/@(slurm|jwt*).key', 'the key of a Slurm cluster'],
    ['/var/spool/slurm*/jwt*.key', 'the key of a Slurm cluster'],
    ['/var/spool/slurm*/statesave/jwt*.key', 'the key of a Slurm cluster'],
    ['/etc/slurm*/slurmdbd.conf', 'the password of the accounting data base', SLURMDBD],
    ['/opt/slurm/etc/slurmdbd.conf', 'the password of the accounting data base', SLURMDBD],
    ['/usr/local/etc/slurmdbd.conf', 'the password of the accounting data base', SLURMDBD],
  ),
  ...from('HTCondor Manual, "IDTOKENS Authentication"', ['/etc/condor/@(tokens|passwords).d/*', 'a token of HTCondor']),
  ...from(
    'MIT Kerberos documentation, "keytab"',
    ['/etc/krb5.keytab', 'the Kerberos key of a machine'],
    ['/etc/*/*.keytab', 'the Kerberos key of a service'],
    ['/etc/security/keytab?(s)/*', 'the Kerberos key of a service'],
    ['/var/kerberos/krb5/user/*/*.keytab', 'the Kerberos key of a user'],
  ),
  ...from(
    'MIT Kerberos documentation, "kdc.conf: database_name, key_stash_file"',
    ['/var/@(kerberos|lib)/krb5kdc/principal', 'the keys of a Kerberos realm'],
    ['/var/@(kerberos|lib)/krb5kdc/@(.k5.*|stash)', 'the master key of a Kerberos realm'],
    ['/etc/krb5kdc/@(.k5.*|stash)', 'the master key of a Kerberos realm'],
  ),
  ...from(
    'sssd-ldap(5), "ldap_default_authtok"',
    ['/etc/sssd/sssd.conf', 'the password of a directory', SSSD],
    ['/etc/sssd/conf.d/*.conf', 'the password of a directory', SSSD],
  ),
  ...from('nss_ldap(5), "rootbinddn"', ['/etc/@(ldap|pam_ldap|libnss-ldap).secret', 'the password of a directory']),
  ...from('wg(8), "Configuration file format"', [
    '/etc/wireguard/*',
    'the key of a WireGuard tunnel',
    setting('PrivateKey|PresharedKey'),
  ]),
  ...from('ipsec.secrets(5)', [
    '/etc/ipsec.secrets',
    'the secret of an IPsec tunnel',
    '^[^#]*: *(PSK|XAUTH|EAP|NTLM) +["0]',
  ]),
  ...from('pppd(8), "Authentication"', [
    '/etc/ppp/@(chap|pap)-secrets',
    'the password of a tunnel',
    '^ *[^# ][^ ]*[[:space:]]+[^ ]+[[:space:]]+[^ ]',
  ]),
  ...from('nm-settings(5), "802-11-wireless-security", "802-1x", "wireguard"', [
    '/etc/NetworkManager/system-connections/*',
    'the password of a network',
    setting('psk|(private-key-|leap-)?password|wep-key[0-3]|(private|preshared)-key'),
  ]),
  ...from('netplan documentation, "Netplan YAML: auth, tunnels"', [
    '/etc/netplan/*.yaml',
    'the password of a network',
    entry('password|client-key-password|private|shared'),
  ]),
  ...from('wpa_supplicant.conf(5)', [
    '/etc/wpa_supplicant/*.conf',
    'the password of a network',
    setting('psk|password|sae_password|private_key_passwd|wep_key[0-3]'),
  ]),
  ...from('iwd.network(5)', ['/var/lib/iwd/*.@(psk|8021x)', 'the password of a network']),
  ...from('systemd.netdev(5)', [
    '/etc/systemd/network/*.netdev',
    'the key of a WireGuard tunnel',
    setting('PrivateKey|PresharedKey'),
  ]),
  ...from('Postfix documentation, "SASL_README"', [
    '/etc/postfix/sasl_passwd',
    'the password of a mail server',
    '^[^#[:space:]]',
  ]),
  ...from('Tailscale documentation, "tailscaled state"', [
    '/var/lib/tailscale/tailscaled.state',
    'the identity of a Tailscale node',
  ]),
  ...from('Buildkite documentation, "Agent configuration"', [
    '/etc/buildkite-agent/buildkite-agent.cfg',
    'the token of a Buildkite agent',
    '^ *token *= *"?[^x" ]',
  ]),
];
