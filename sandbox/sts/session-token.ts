/** What temporary credentials say of themselves, so that they need not be kept: they outlive the daemon that gave them out. */
export interface Session {
  readonly accessKeyId: string;
  /** `arn:aws:sts::123456789012:assumed-role/name/session` */
  readonly arn: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const PREFIX = 'sandbox.';

export function encodeSession(session: Session): string {
  return PREFIX + Buffer.from(JSON.stringify(session)).toString('base64url');
}

/** Undefined: no token of the sandbox's own. Nothing is known of such a one, so nothing is held against it. */
export function decodeSession(token: string): Session | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    const session: unknown = JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString());
    return isSession(session) ? session : undefined;
  } catch {
    return undefined;
  }
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const { accessKeyId, arn, userId, expiresAt } = value as Partial<Record<keyof Session, unknown>>;
  return [accessKeyId, arn, userId].every((text) => typeof text === 'string') && typeof expiresAt === 'number';
}
