import { pathToFileURL } from 'node:url';
import type { Chromium } from './open-chromium.js';

/** What mermaid itself says to each text: undefined where it draws it, else its complaint. */
export async function parseMermaid(
  chromium: Chromium,
  mermaid: string,
  texts: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const dumped = await chromium.dump(page(mermaid, texts), { width: 1_000, height: 800 });
  const json = /<pre id="verdicts">(.*?)<\/pre>/s.exec(dumped)?.[1];
  if (json === undefined) throw new Error(`mermaid did not come to an end: ${dumped.slice(0, 500)}`);
  const verdicts = JSON.parse(Buffer.from(json, 'base64').toString('utf8')) as readonly (string | null)[];
  return verdicts.map((verdict) => verdict ?? undefined);
}

/** The texts go in and the verdicts come out in base64, so that neither is read as HTML. */
function page(mermaid: string, texts: readonly string[]): string {
  const encoded = Buffer.from(JSON.stringify(texts)).toString('base64');
  return `<!doctype html><meta charset="utf-8"><body><script src="${pathToFileURL(mermaid).href}"></script><script type="module">
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.codePointAt(0));
const texts = JSON.parse(new TextDecoder().decode(bytes('${encoded}')));
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
const verdicts = [];
for (const [index, text] of texts.entries()) {
  try {
    await mermaid.render('graph' + index, text);
    verdicts.push(null);
  } catch (error) {
    verdicts.push(String(error));
  }
}
const pre = document.createElement('pre');
pre.id = 'verdicts';
pre.textContent = btoa(String.fromCodePoint(...new TextEncoder().encode(JSON.stringify(verdicts))));
document.body.append(pre);
</script>`;
}
