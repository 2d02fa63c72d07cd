/** In a network namespace: makes every IPv4 address one of its own, `$own` first among them. */
export const LINK_SCRIPT = String.raw`printf 'link set lo up\naddress add %s/32 dev lo\nroute add local 0.0.0.0/0 dev lo src %s\n' "$own" "$own" | ip -batch -`;
