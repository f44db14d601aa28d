/** A file of a tree; a plan's files are such. */
export interface TreeFile {
  readonly content: string | Uint8Array
  /** As of `stat`; whether it is executable is what counts. */
  readonly mode: number
}

/** The files of a generated repository: path (POSIX, relative) → file. */
export type FileTree = ReadonlyMap<string, TreeFile>

/**
 * What becomes of a file:
 *
 * - `added`: new, nobody had one there
 * - `updated`: the user had not edited it
 * - `merged`: both had changed it, and both changes are in it
 * - `kept`: stays as the user has it, and `note` says why
 * - `conflict`: both changed the same lines
 * - `deleted`: not needed any more, and not edited
 * - `stayedDeleted`: the user had deleted it
 */
export type ChangeKind =
  'added' | 'updated' | 'merged' | 'kept' | 'conflict' | 'deleted' | 'stayedDeleted'

export interface FileChange {
  readonly path: string
  readonly kind: ChangeKind
  /** What its name was, where it has another now. */
  readonly from?: string
  readonly note?: string
}

/** What a merge does, file by file, sorted by path; files that nothing happens to aren't in it. */
export interface MergeOutcome {
  readonly files: readonly FileChange[]
  /** Generated files that their tool has to write again. */
  readonly stale: readonly string[]
}

/** Three versions of a text that differ where both sides changed the same value. */
export interface TextSides {
  readonly base: string
  readonly ours: string
  readonly theirs: string
}

/** A text that was merged by its structure. */
export interface TextMerge3 {
  /** The merged text, or the sides that conflict in it. */
  readonly result: string | TextSides
  /** What stays against the template, as sentences. */
  readonly notes: readonly string[]
}
