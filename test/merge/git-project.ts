import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FileTree, TreeFile } from '../../src/merge/types.ts'
import { withMerge } from '../../src/repo/merge.ts'
import type { MergeInput } from '../../src/repo/merge.ts'
import { RECORD_PATH } from '../../src/repo/record.ts'

/** path → text, or nothing in the place of a file that is gone. */
export type Texts = Readonly<Record<string, string | undefined>>

/** A tree of plain files, with a record that names itself. */
export function treeOf(texts: Texts, record = 'before'): FileTree {
  const files = { [RECORD_PATH]: `${record}\n`, ...texts }
  return new Map(
    Object.entries(files).flatMap(([path, content]): [string, TreeFile][] =>
      content === undefined ? [] : [[path, { content, mode: 0o644 }]],
    ),
  )
}

/** A generated repository with one commit. */
export interface GitProject {
  readonly root: string
  readonly git: (...args: readonly string[]) => string
  /** Writes files, and takes out those without a text. */
  readonly edit: (texts: Texts) => void
  readonly commit: (texts?: Texts) => void
  /** The text of a file; nothing where there is none. */
  readonly read: (path: string) => string | undefined
  /** `git status --short` */
  readonly status: () => string[]
  /** Merges and writes; answers what became of each file: `path: kind`. */
  readonly merge: (
    before: FileTree,
    after: FileTree,
    more?: Partial<MergeInput>,
  ) => Promise<string[]>
}

/** Path → text of every file but git's own. */
export function filesIn(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
      .filter((path) => !path.startsWith('.git/'))
      .toSorted()
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}

const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost']

export function gitProject(tree: FileTree, folder = ''): GitProject {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'merge-')))
  onTestFinished(() => rmSync(top, { recursive: true, force: true, maxRetries: 5 }))
  const root = join(top, folder)
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...IDENTITY, ...args], { cwd: root, encoding: 'utf8' })
  const write = (path: string, content: string | Uint8Array, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    chmodSync(join(root, path), mode)
  }
  const project: GitProject = {
    root,
    git,
    edit: (texts) => {
      for (const [path, text] of Object.entries(texts)) {
        // What a text is written to may have been a folder.
        rmSync(join(root, path), { recursive: true, force: text !== undefined })
        if (text !== undefined) write(path, text)
      }
    },
    commit: (texts = {}) => {
      project.edit(texts)
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '-m', 'Work')
    },
    read: (path) =>
      statSync(join(root, path), { throwIfNoEntry: false })?.isFile()
        ? readFileSync(join(root, path), 'utf8')
        : undefined,
    status: () => git('status', '--short').split('\n').filter(Boolean),
    merge: (before, after, more = {}) =>
      withMerge({ root, before, after, label: 'template 2', ...more }, async (merge) => {
        await merge.apply()
        return merge.outcome.files.map(({ path, kind, from }) =>
          from === undefined ? `${path}: ${kind}` : `${from} → ${path}: ${kind}`,
        )
      }),
  }
  mkdirSync(root, { recursive: true })
  for (const [path, { content, mode }] of tree) write(path, content, mode)
  execFileSync('git', ['init', '--quiet', top])
  project.commit()
  return project
}
