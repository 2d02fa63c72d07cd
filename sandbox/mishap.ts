/** What can befall a running instance. The sandbox makes it happen; no program on the instance has asked for it. */
export type Mishap =
  /** Its power is cut. `hung`: EC2 goes on calling it running, and it never answers again. */
  | { readonly kind: 'death'; readonly then: 'terminated' | 'rebooted' | 'hung' }
  /** The agent ends in the middle of whatever it does, and systemd starts it again after 90 s (AGENT's unit file). */
  | { readonly kind: 'agent-restart' }
  /** EC2 takes the Spot Instance back. Default: with two minutes' notice. */
  | { readonly kind: 'spot-interruption'; readonly noticeMs?: number };
