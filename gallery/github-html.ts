import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

/** Markdown to HTML by GitHub's rules: GFM with raw HTML, of which only the elements are left that GitHub allows. */
const TO_HTML = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize)
  .use(rehypeStringify)
  .freeze();

export function githubHtml(markdown: string): string {
  return String(TO_HTML.processSync(markdown));
}

/** The graphs in a markdown text, as GitHub hands them to mermaid. */
export function mermaidTexts(markdown: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: { readonly type: string; readonly lang?: unknown; readonly value?: unknown }): void => {
    if (node.type === 'code' && node.lang === 'mermaid' && typeof node.value === 'string') texts.push(node.value);
    if ('children' in node && Array.isArray(node.children)) node.children.forEach(visit);
  };
  visit(TO_HTML.parse(markdown));
  return texts;
}
