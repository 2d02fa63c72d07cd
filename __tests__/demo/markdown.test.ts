import { expect, test } from '@jest/globals';
import { showMarkdown } from '../../demo/markdown.js';

process.env.NO_COLOR = '1';

test('a comment is shown as its readers see it', () => {
  const comment = `<!-- ami-layers {"v":1} -->
### ❌ AMI layers: 1 failed
\`a1b2c3d\` · [run #118](https://github.com/o/r/actions/runs/1)

| Layer | AMI | Why |
|---|---|---|
| \`app\` | – | a &#124; b, [\`x\`](https://e.org) |
| \`gpu\` | – | **parent** failed |

<details open><summary><b>app</b>: exited 100 (<code>app.yml:14</code>)</summary>

\`\`\`text
E: no package <libfoo2>
\`\`\`

</details>

<details><summary>Graph</summary>

\`\`\`mermaid
graph TD
\`\`\`

</details>

<sub>&lt;done&gt; by @&#8203;ada</sub>
`;
  expect(showMarkdown(comment)).toBe(
    `
❌ AMI layers: 1 failed
a1b2c3d · run #118

┌───────┬─────┬───────────────┐
│ Layer │ AMI │ Why           │
├───────┼─────┼───────────────┤
│ app   │ –   │ a | b, x      │
├───────┼─────┼───────────────┤
│ gpu   │ –   │ parent failed │
└───────┴─────┴───────────────┘

▾ app: exited 100 (app.yml:14)

  E: no package <libfoo2>

▾ Graph

  (a diagram: GitHub draws it, the file has its source)

<done> by @ada`.trimStart(),
  );
});
