/** How much of a report is shown. The verdict, the failed layers and the link to the run always are. */
export interface Detail {
  readonly hashInputs: boolean;
  readonly logTails: boolean;
  /** All AMI ids once more, to copy. */
  readonly imageList: boolean;
  readonly graph: boolean;
  /** Packages against those of `latest`, by name. */
  readonly differences: boolean;
  /** Reused rows beyond this many are counted instead of listed. */
  readonly reusedRows: number;
  /** An address costs more room than all the rest of a row. */
  readonly links: boolean;
  readonly reasons: boolean;
  /** Of the other rows, and of the failed layers, at most this many. */
  readonly otherRows: number;
  /** What is missing, in words. */
  readonly leftOut: readonly string[];
}

/** What goes first when there is too much. */
const DROPS: readonly { readonly words: string; readonly change: Partial<Detail> }[] = [
  { words: 'the inputs of hashes', change: { hashInputs: false } },
  { words: 'log tails', change: { logTails: false } },
  { words: 'the list of AMI ids', change: { imageList: false } },
  { words: 'the graph', change: { graph: false } },
  { words: 'the names of packages', change: { differences: false } },
  { words: 'reused layers', change: { reusedRows: 0 } },
  { words: 'links to AMIs', change: { links: false } },
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
  let detail = everything(reusedRows);
  let text = render(detail);
  for (const { words, change } of DROPS) {
    if (measure(text) <= limit) return text;
    const less = { ...detail, ...change };
    // What was never there is not missed.
    if (render(less) === text) continue;
    detail = { ...less, leftOut: [...detail.leftOut, words] };
    text = render(detail);
  }
  while (measure(text) > limit) text = text.slice(0, Math.floor((text.length * limit) / measure(text)) - 1);
  return text;
}

function everything(reusedRows: number): Detail {
  return {
    hashInputs: true,
    logTails: true,
    imageList: true,
    graph: true,
    differences: true,
    reusedRows,
    links: true,
    reasons: true,
    otherRows: Number.POSITIVE_INFINITY,
    leftOut: [],
  };
}
