import type { Plan } from '../plan/types.ts'
import { warningLine } from './created.ts'
import type { Style } from './style.ts'

/** A file of a plan without its content. */
export interface ListedFile {
  readonly path: string
  readonly bytes: number
  /** Names of the layers that had a hand in it, the owner first. */
  readonly from: readonly string[]
}

/** Every file of the plan, in its order. */
export function listFiles(plan: Plan): ListedFile[] {
  return [...plan].map(([path, { content, from }]) => ({
    path,
    bytes: Buffer.byteLength(content),
    from,
  }))
}

/** What a run would write: each file with its size and owners, and the totals. */
export function dryRunReport(
  directory: string,
  files: readonly ListedFile[],
  warnings: readonly string[],
  style: Style,
): string {
  const pathWidth = Math.max(...files.map(({ path }) => path.length))
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const sizeWidth = group(total).length
  return [
    `Would create ${style.bold(directory)}:`,
    '',
    ...files.map(
      ({ path, bytes, from }) =>
        `  ${path.padEnd(pathWidth)}  ${group(bytes).padStart(sizeWidth)}  ${style.dim(from.join(' + '))}`,
    ),
    '',
    `${files.length} files, ${group(total)} bytes. Nothing was written.`,
    ...warnings.map((warning) => `\n${warningLine(warning, style)}`),
    '',
  ].join('\n')
}

/** 12345 → `12 345`; Intl would load its data for it. */
function group(bytes: number): string {
  return String(bytes).replace(/\B(?=(\d{3})+$)/g, ' ')
}
