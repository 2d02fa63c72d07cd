# Looks at what the machine will do, not at the files that were copied: a layer above may have overruled them. All that
# is wrong is said at once.
wrong=0
complain() {
  echo "wrong: $*"
  wrong=$((wrong + 1))
}

# sshd tells its settings only with a host key, and makes its own at first boot; this one is for the question.
keys=$(mktemp -d)
ssh-keygen -q -t ed25519 -N '' -f "$keys/host"
mkdir -p /run/sshd
ssh_settings=$(/usr/sbin/sshd -T -h "$keys/host")
while read -r name value; do
  actual=$(awk -v name="$name" '$1 == name { print $2; exit }' <<<"$ssh_settings")
  test "$actual" = "$value" || complain "sshd has $name $actual, not $value"
done <<'SETTINGS'
permitrootlogin no
passwordauthentication no
permitemptypasswords no
kbdinteractiveauthentication no
hostbasedauthentication no
x11forwarding no
maxauthtries 4
loglevel VERBOSE
SETTINGS

# What the kernel is told at boot; the last file in order of names wins, /etc/sysctl.conf after all of them.
while read -r name value; do
  actual=$(
    cat /dev/null /usr/lib/sysctl.d/*.conf /etc/sysctl.d/*.conf /etc/sysctl.conf 2>/dev/null |
      awk -F= -v name="$name" '{ key = $1; gsub(/[ \t]/, "", key) } key == name { value = $2 } END { print value + 0 }'
  ) || true
  test "$actual" = "$value" || complain "$name will be $actual, not $value"
done <<'SETTINGS'
kernel.kptr_restrict 2
kernel.randomize_va_space 2
fs.protected_symlinks 1
net.ipv4.conf.all.log_martians 1
net.ipv4.tcp_syncookies 1
SETTINGS
while read -r name; do
  if grep -hsE "^ *$name *= *[^0 ]" /etc/sysctl.d/*.conf /etc/sysctl.conf; then complain "$name is switched on"; fi
done <<'SETTINGS'
fs\.suid_dumpable
net\.ipv4\.ip_forward
net\.ipv4\.conf\.all\.accept_redirects
net\.ipv4\.conf\.all\.accept_source_route
SETTINGS

for module in cramfs hfs usb-storage dccp sctp tipc; do
  grep -qsx "install $module /bin/false" /etc/modprobe.d/*.conf || complain "the module $module can be loaded"
done

for program in telnet ftp rsh talk; do
  if command -v "$program" >/dev/null; then complain "$program is installed"; fi
done
for program in auditd unattended-upgrade; do
  command -v "$program" >/dev/null || complain "$program is not installed"
done
grep -qs '/etc/shadow' /etc/audit/rules.d/*.rules || complain 'nobody watches /etc/shadow'

umask=$(awk '$1 == "UMASK" { print $2 }' /etc/login.defs)
test "$umask" = 027 || complain "new users have the umask $umask"
days=$(awk '$1 == "PASS_MAX_DAYS" { print $2 }' /etc/login.defs)
test "$days" -le 365 || complain "passwords hold for $days days"

passwordless=$(awk -F: '$2 == "" { print $1 }' /etc/shadow)
test -z "$passwordless" || complain "no password is asked of $passwordless"
roots=$(awk -F: '$3 == 0 && $1 != "root" { print $1 }' /etc/passwd)
test -z "$roots" || complain "$roots is root by another name"

for file in /etc/passwd /etc/group /etc/shadow /etc/gshadow; do
  if [ -n "$(find "$file" -perm /022)" ]; then complain "$file can be written by others than root"; fi
done
for file in /etc/shadow /etc/gshadow; do
  if [ -n "$(find "$file" -perm /007)" ]; then complain "$file can be read by everybody"; fi
done
writable=$(find /etc /usr/local /opt -xdev -type f -perm -0002 -print -quit)
test -z "$writable" || complain "everybody can write $writable"
sticky=$(find /tmp /var/tmp -maxdepth 0 ! -perm -1000)
test -z "$sticky" || complain "everybody can delete other people's files in $sticky"

test "$wrong" -eq 0
echo 'hardened-base: as it should be'
