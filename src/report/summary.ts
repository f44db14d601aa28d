import type { Options } from '../options/questions.ts'
import type { Style } from './style.ts'

interface Summary {
  readonly options: Options
  /** Absolute. */
  readonly path: string
  /** Titles of what is taken. */
  readonly features: readonly string[]
}

/** What a run is about to do, in a few lines. */
export function summary({ options, path, features }: Summary, { dim, bold }: Style): string {
  const { install, git, setup, pm, port } = options
  const then = [
    install && `install with ${pm}`,
    git && 'make a first git commit',
    setup && 'connect Convex',
  ].filter((step) => step !== false)
  const rows = [
    ['Folder', bold(path)],
    ['With', features.join(', ') || 'plain CSS, e-mail and password'],
    ['Then', then.join(', ') || 'nothing'],
    ['At', `http://localhost:${port}`],
  ] as const
  return `\n${rows.map(([label, value]) => `  ${dim(label.padEnd(8))}${value}`).join('\n')}\n\n`
}
