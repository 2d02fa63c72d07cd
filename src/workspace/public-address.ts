import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is not the public internet (IANA IPv4 and IPv6 Special-Purpose Address Registries; multicast: RFC 5771). */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Azure's for its machines, GitHub's runners among them (Azure documentation, "What is IP address 168.63.129.16?").
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All that is assigned to the public internet; IPv4 in an IPv6 coat, private and link-local ones are outside of it. */
const PUBLIC_6 = ['2000::/3'];
/** Special ones within: tunnels that carry IPv4 (Teredo, 6to4), and documentation. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const notPublic4 = blocks(NOT_PUBLIC_4, 'ipv4');
const public6 = blocks(PUBLIC_6, 'ipv6');
const notPublic6 = blocks(NOT_PUBLIC_6, 'ipv6');

/** Whether an address is one of the public internet: no private, loopback, link-local, metadata or multicast one. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic4.check(address, 'ipv4');
  return isIPv6(address) && public6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6');
}

function blocks(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
