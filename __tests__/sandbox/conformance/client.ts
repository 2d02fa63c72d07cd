import type { AccessKey } from '../../../sandbox/keyring.js';

/** One AWS call as data, so that any SDK can make it. */
export interface Call {
  readonly service: 'ec2' | 'ssm' | 'sts';
  /** `DescribeImages` */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The parameters break the operation's model, which a careful SDK refuses to send unless it is told to. */
  readonly wrong: boolean;
}

export type Answer =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly status: number }
  /** The SDK itself found the parameters, or the answer, against AWS's model. */
  | { readonly kind: 'not sent' | 'not as modelled'; readonly why: string };

/** An SDK with credentials of one account. */
export interface Client {
  readonly call: (call: Call) => Promise<Answer>;
  readonly close: () => void;
}

export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly key: AccessKey;
}
