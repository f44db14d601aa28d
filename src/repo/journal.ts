import { errorCode } from './fs-error.ts'

interface JournalEntry {
  readonly path: string
  readonly revert: () => void
}

/** What was done to the file system, to be taken back in the reverse order. */
export class Journal {
  readonly #steps: JournalEntry[] = []

  /** Notes a path that was made, and what takes it back. */
  add(path: string, revert: () => void): void {
    this.#steps.push({ path, revert })
  }

  /**
   * Takes every step back; a folder that holds something else by now stays.
   *
   * @returns the paths that couldn't be removed
   */
  undo(): readonly string[] {
    return this.#steps
      .splice(0)
      .toReversed()
      .filter(({ revert }) => !succeeds(revert))
      .map(({ path }) => path)
  }
}

function succeeds(revert: () => void): boolean {
  try {
    revert()
    return true
  } catch (error) {
    // Removed by someone else, or in use by someone else: as it should be.
    return ['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')
  }
}
