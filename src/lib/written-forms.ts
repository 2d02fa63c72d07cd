/** Shorter values are masked as they are only: a few characters of base64 stand in any log. */
export const FEWEST_ENCODED_BYTES = 6;

/**
 * How programs write a secret beside as it is: base64 at each of the three places it may have in a longer text, hexadecimal,
 * and for an address or a form. The value itself comes first. A builder does the same (masked-steps.ts).
 */
export function writtenForms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  if (bytes.length < FEWEST_ENCODED_BYTES) return value === '' ? [] : [value];
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) => base64Behind(before, bytes));
  const forAddresses = base64.map((digits) => digits.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([value, ...base64, ...forAddresses, hex, hex.toUpperCase(), ...inUrls(bytes.toString())])];
}

/** The digits that the value alone decides, when so many bytes stand before it. */
function base64Behind(before: number, bytes: Buffer): string {
  const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** As JavaScript's encodeURIComponent, RFC 3986, paths and HTML forms have it; digits of either case. */
function inUrls(value: string): readonly string[] {
  const component = encodeURIComponent(value);
  const strict = component.replace(/[!'()*]/g, percent);
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const path = strict.replaceAll('%2F', '/');
  return [component, strict, path, form].flatMap((text) => [
    text,
    text.replace(/%../g, (digits) => digits.toLowerCase()),
  ]);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
