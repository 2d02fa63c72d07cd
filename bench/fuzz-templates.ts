// npm run fuzz:templates: 100,000 mutated templates. FUZZ_SEED and FUZZ_CASES try others, or more. Exits 1 when one of them
// is neither a layer nor a problem, or took longer than 100 ms.
import { fuzzTemplates } from './fuzz/fuzz-templates.js';
import { templateTexts } from './fuzz/template-texts.js';

const LONGEST_MS = 100;

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const cases = Number(process.env.FUZZ_CASES ?? 100_000);
const texts = templateTexts();
const { layers, codes, broken, slowest } = fuzzTemplates({ texts, seed, cases });

console.log(`seed ${seed}: ${cases} templates from ${texts.length}, ${layers} of them layers`);
for (const [code, count] of [...codes].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(8)}  ${code}`);
console.log(`slowest: ${slowest.ms.toFixed(1)} ms, ${slowest.text.length} characters`);
for (const { text, why } of broken.slice(0, 5)) console.log(`\nBROKEN: ${why}\n${JSON.stringify(text)}`);
if (slowest.ms > LONGEST_MS) console.log(`\nSLOW:\n${JSON.stringify(slowest.text)}`);
console.log(`${broken.length} broken`);
if (broken.length > 0 || slowest.ms > LONGEST_MS) process.exitCode = 1;
