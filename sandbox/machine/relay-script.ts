/**
 * The way out of an instance's network namespace, in perl, because that alone among the usual programs can make any
 * system call. In the namespace every address is local; a BPF program hands every TCP connection to this program's
 * socket, which knows by its own address where it was to go, and makes it anew in the machine's namespace. Names are
 * asked of the machine's name servers, at their addresses. Nothing else leads out.
 *
 * Arguments: numbers of the calls bpf, setns and prctl; a process of the namespace; the BPF program in hexadecimal and
 * where the map's descriptor goes in it; the port of 127.0.0.1 that leads out; the socket of the instance's metadata;
 * the name servers. Says `ready` when it is.
 */
export const RELAY_SCRIPT = String.raw`
use strict;
use Socket;
my ($bpf, $setns, $prctl, $pid, $code, $map_at, $aws, $metadata, @names) = @ARGV;
$_ += 0 for $bpf, $setns, $prctl, $map_at;
my $relay = $$;
$SIG{CHLD} = "IGNORE";
$SIG{PIPE} = "IGNORE";

open(my $outside, "<", "/proc/self/ns/net") or die "no namespace: $!\n";
open(my $inside, "<", "/proc/$pid/ns/net") or die "no namespace of $pid: $!\n";
sub enter { syscall($setns, fileno($_[0]), 0x40000000) == 0 or die "cannot enter: $!\n" }
sub address { unpack("Q", pack("P", $_[0])) }
sub call { my $said = syscall($bpf, $_[0], $_[1], length($_[1])); $said < 0 and die "bpf $_[0]: $!\n"; $said }

sub listening {
  my ($address, $port) = @_;
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($socket, pack_sockaddr_in($port, inet_aton($address))) or die "bind $address:$port: $!\n";
  listen($socket, 4096) or die "listen: $!\n";
  $socket;
}

enter($inside);
my @listeners = (listening("0.0.0.0", 0), map { listening($_, 53) } grep { /^127\./ } @names);
my %asked;
for my $name (@names) {
  socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($socket, pack_sockaddr_in(53, inet_aton($name))) or die "bind $name: $!\n";
  $asked{fileno($socket)} = [$socket, $name];
}

# BPF_MAP_CREATE of type SOCKMAP, BPF_MAP_UPDATE_ELEM, BPF_PROG_LOAD of type SK_LOOKUP, BPF_LINK_CREATE for the namespace.
my $map = call(0, pack("L16", 15, 4, 8, 1, (0) x 12));
my ($key, $value) = (pack("L", 0), pack("Q", fileno($listeners[0])));
call(2, pack("L2 Q3", $map, 0, address($key), address($value), 0));
my $program = pack("H*", $code);
substr($program, $map_at, 4) = pack("L", $map);
my $license = "Apache-2.0\0";
my $load = pack("L2 Q2 L2 Q L2 a16 L2", 30, length($program) / 8, address($program), address($license), 0, 0, 0, 0, 0, "relay", 0, 36);
my $loaded = call(5, $load);
my $link = call(28, pack("L4 Q4", $loaded, fileno($inside), 36, 0, (0) x 4));

# Ends with this program, however that ends.
sub child {
  my $child = fork;
  return 0 if !defined $child || $child;
  syscall($prctl, 1, 9, 0, 0, 0);
  exit if getppid() != $relay;
  $SIG{CHLD} = "DEFAULT";
  1;
}

sub goal {
  my ($port, $bytes) = unpack_sockaddr_in(getsockname($_[0]));
  my $address = inet_ntoa($bytes);
  return (PF_UNIX, pack_sockaddr_un($metadata)) if $address eq "169.254.169.254" && $port == 80;
  my $known = ($address eq "127.0.0.1" && $port == $aws) || ($port == 53 && grep { $_ eq $address } @names);
  return if !$known && $address =~ /^(127|0|22[4-9]|2[3-5]\d)\.|^169\.254\./;
  (PF_INET, pack_sockaddr_in($port, $bytes));
}

sub copy {
  my ($from, $to) = @_;
  while (1) {
    my $count = sysread($from, my $data, 65536);
    return shutdown($to, defined $count ? 1 : 2) if !$count;
    for (my $at = 0; $at < $count;) {
      my $written = syswrite($to, $data, $count - $at, $at);
      return shutdown($from, 2) if !defined $written;
      $at += $written;
    }
  }
}

sub serve {
  my ($client) = @_;
  my ($family, $goal) = goal($client);
  enter($outside);
  my $server;
  if (!$family || !socket($server, $family, SOCK_STREAM, 0) || !connect($server, $goal)) {
    # A reset, which is what a refusal looks like.
    setsockopt($client, SOL_SOCKET, SO_LINGER, pack("l2", 1, 0));
    return;
  }
  my $back = fork;
  return if !defined $back;
  if (!$back) {
    syscall($prctl, 1, 9, 0, 0, 0);
    return copy($server, $client);
  }
  copy($client, $server);
  waitpid($back, 0);
}

sub resolve {
  my ($socket, $name) = @_;
  my $peer = recv($socket, my $question, 65535, 0);
  return if !defined $peer || !child();
  enter($outside);
  my $server;
  socket($server, PF_INET, SOCK_DGRAM, 0) && connect($server, pack_sockaddr_in(53, inet_aton($name))) or exit;
  send($server, $question, 0);
  my $bits = "";
  vec($bits, fileno($server), 1) = 1;
  select($bits, undef, undef, 10) > 0 or exit;
  defined recv($server, my $answer, 65535, 0) or exit;
  send($socket, $answer, 0, $peer);
  exit;
}

$| = 1;
print "ready\n";
while (1) {
  my $bits = "";
  vec($bits, $_, 1) = 1 for keys %asked, map { fileno $_ } @listeners;
  select($bits, undef, undef, undef) > 0 or next;
  for my $listener (grep { vec($bits, fileno($_), 1) } @listeners) {
    accept(my $client, $listener) or next;
    if (child()) { serve($client); exit }
    close $client;
  }
  resolve(@{$asked{$_}}) for grep { vec($bits, $_, 1) } keys %asked;
}
`;
