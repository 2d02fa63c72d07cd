import type { VariantKey } from './build-plan.js';

/** What part of a layer a changed file is. */
export type FileRole = 'template' | 'script' | 'input' | 'check';

/** Why a variant is built, validated or reused. */
export type Reason =
  | { readonly kind: 'file-changed'; readonly path: string; readonly role: FileRole }
  | { readonly kind: 'parent-affected'; readonly parent: string }
  | { readonly kind: 'no-image'; readonly templateHash: string }
  /** Planned without AWS: whether there is an image nobody knows. */
  | { readonly kind: 'not-looked-up'; readonly templateHash: string }
  | { readonly kind: 'image-failed'; readonly imageId: string }
  | { readonly kind: 'image-rejected'; readonly imageId: string }
  /** There is one, but it was not made from the default branch's code, and only such images are asked for. */
  | { readonly kind: 'image-not-trusted'; readonly imageId: string }
  | { readonly kind: 'rebuild-requested' }
  | { readonly kind: 'parent-rebuilt'; readonly parent: VariantKey }
  | { readonly kind: 'not-validated'; readonly imageId: string }
  | { readonly kind: 'checks-changed'; readonly imageId: string }
  | { readonly kind: 'image-found'; readonly imageId: string; readonly templateHash: string; readonly created: string }
  /** It is new: another job of this run has built it. */
  | { readonly kind: 'built-by-job' }
  | { readonly kind: 'needed-by'; readonly child: VariantKey };
