/** How much of a report is shown. The verdict, the failed layers and the link to the run always are. */
export interface Detail {
  readonly logTails: boolean;
  readonly graph: boolean;
  /** Reused rows beyond this many are counted instead of listed. */
  readonly reusedRows: number;
  readonly reasons: boolean;
  /** Of the other rows, and of the failed layers, at most this many. */
  readonly otherRows: number;
  /** What is missing at this level, in words. */
  readonly leftOut: readonly string[];
}

/** What goes first when there is too much. */
const DROPS: readonly { readonly words: string; readonly change: Partial<Detail> }[] = [
  { words: 'log tails', change: { logTails: false } },
  { words: 'the graph', change: { graph: false } },
  { words: 'reused layers', change: { reusedRows: 0 } },
  { words: 'reasons', change: { reasons: false } },
  { words: 'layers after the first 50', change: { otherRows: 50 } },
];

export interface WithinLimit {
  /** In the unit that `measure` counts. */
  readonly limit: number;
  readonly measure: (text: string) => number;
  /** How many reused rows are listed when there is room. */
  readonly reusedRows: number;
  readonly render: (detail: Detail) => string;
}

/** The most detailed text that is not over the limit. Whatever the report holds, the limit is kept. */
export function renderWithin({ limit, measure, reusedRows, render }: WithinLimit): string {
  let text = '';
  for (const detail of levels(reusedRows)) {
    text = render(detail);
    if (measure(text) <= limit) return text;
  }
  while (measure(text) > limit) text = text.slice(0, Math.floor((text.length * limit) / measure(text)) - 1);
  return text;
}

/** From everything to the bare necessities. */
function levels(reusedRows: number): readonly Detail[] {
  const otherRows = Number.POSITIVE_INFINITY;
  const full: Detail = { logTails: true, graph: true, reusedRows, reasons: true, otherRows, leftOut: [] };
  return DROPS.reduce<readonly Detail[]>(
    (all, { words, change }) => {
      const last = all.at(-1) ?? full;
      return [...all, { ...last, ...change, leftOut: [...last.leftOut, words] }];
    },
    [full],
  );
}
