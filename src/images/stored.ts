/** What an image's snapshots hold that those of the image it was made on do not. */
export interface Stored {
  readonly bytes: number;
  /** False: at least so much. Only whole sizes were known, and blocks that were written anew are not seen in those. */
  readonly isExact: boolean;
}
