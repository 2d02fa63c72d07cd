/** What temporary credentials say of themselves, in their session token. */
export interface Session {
  readonly accessKeyId: string;
  /** `arn:aws:sts::123456789012:assumed-role/name/session` */
  readonly arn: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const { accessKeyId, arn, userId, expiresAt } = value as Partial<Record<keyof Session, unknown>>;
  return [accessKeyId, arn, userId].every((text) => typeof text === 'string') && typeof expiresAt === 'number';
}
