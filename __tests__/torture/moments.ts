import type { Undisturbed } from './arena.js';

/** A request of a build to AWS, before it takes effect or after. */
export interface Moment {
  readonly operation: string;
  readonly ofOperation: number;
  readonly when: 'before' | 'after';
}

const WHEN = { changes: ['before', 'after'], looks: ['before'] } as const;

export function momentsOf({ requests }: Undisturbed, kind: keyof typeof WHEN): readonly Moment[] {
  return [...requests]
    .filter(([operation]) => /^(Describe|Get|List)/.test(operation) === (kind === 'looks'))
    .flatMap(([operation, count]) =>
      Array.from({ length: count }, (_, at) => at + 1).flatMap((ofOperation) =>
        WHEN[kind].map((when) => ({ operation, ofOperation, when })),
      ),
    );
}

export function nameOf({ operation, ofOperation, when }: Moment): string {
  return `${when} ${operation} ${ofOperation}`;
}

export function isAt(
  moment: Moment,
  { operation, ofOperation }: { readonly operation: string; readonly ofOperation: number },
): boolean {
  return operation === moment.operation && ofOperation === moment.ofOperation;
}
