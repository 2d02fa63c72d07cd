import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { githubHtml } from './github-html.js';

export type Theme = 'light' | 'dark';

export interface PageOptions {
  readonly theme: Theme;
  /** Whether every part to fold out is folded out. */
  readonly open: boolean;
  /** The path of mermaid's minified file. */
  readonly mermaid: string;
}

const CANVAS = { light: '#ffffff', dark: '#0d1117' } as const satisfies Record<Theme, string>;
const MERMAID_THEME = { light: 'default', dark: 'dark' } as const satisfies Record<Theme, string>;

/** A markdown text as GitHub shows it in a comment. When all is drawn, the body's `data-height` says how high it is. */
export function githubPage(markdown: string, { theme, open, mermaid }: PageOptions): string {
  const css = readFileSync(createRequire(import.meta.url).resolve(`github-markdown-css/github-markdown-${theme}.css`));
  return `<!doctype html><html><head><meta charset="utf-8"><style>${css.toString()}
body { margin: 0; padding: 16px; background: ${CANVAS[theme]}; }
.mermaid { text-align: center; background: none; }
</style></head><body><article class="markdown-body">${githubHtml(markdown)}</article>
<script src="${pathToFileURL(mermaid).href}"></script><script type="module">
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: '${MERMAID_THEME[theme]}' });
const folded = [...document.querySelectorAll('details:not([open])')];
// Mermaid measures what it draws, and what is folded has no size.
for (const details of folded) details.open = true;
for (const code of document.querySelectorAll('code.language-mermaid')) {
  const graph = document.createElement('div');
  graph.className = 'mermaid';
  graph.textContent = code.textContent;
  code.parentElement.replaceWith(graph);
}
await mermaid.run().catch(() => undefined);
if (${!open}) for (const details of folded) details.open = false;
document.body.dataset.height = Math.ceil(document.documentElement.getBoundingClientRect().height);
</script></body></html>`;
}
