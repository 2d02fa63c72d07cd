const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text of UTF-8 bytes without a byte order mark, or undefined when they are none: NUL is in no text, but in UTF-16 and programs. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
