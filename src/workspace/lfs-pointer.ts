/** Git keeps a large file as a pointer where Git LFS is used; what is checked out is the file (git-lfs, docs/spec.md). */
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n/;
const MOST_POINTER_BYTES = 1024;

/** The SHA-256 of the file that a pointer stands for; undefined: it is no pointer. */
export function lfsDigest(bytes: Uint8Array): string | undefined {
  if (bytes.length > MOST_POINTER_BYTES) return undefined;
  return LFS_POINTER.exec(Buffer.from(bytes).toString())?.[1];
}
