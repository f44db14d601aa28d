import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import { ManifestSchema } from './schema.ts'
import type { Manifest } from './schema.ts'

/**
 * Reads a `layer.json` (JSON with comments and trailing commas).
 *
 * @param text - the file's content
 * @param where - the layer and the file, for messages
 * @throws {CliError} that names the layer, the file and the line
 */
export function parseManifest(
  text: string,
  where: { readonly layer: string; readonly file: string },
): Manifest {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) {
    const reason = printParseErrorCode(error.error)
      .replaceAll(/\B[A-Z]/g, ' $&')
      .toLowerCase()
    throw manifestError(where, lineAt(text, error.offset), `${reason}.`)
  }
  const result = v.safeParse(ManifestSchema, value)
  if (result.success) {
    const { $schema: _, ...manifest } = result.output
    return manifest
  }
  const [issue] = result.issues
  const path = (issue.path ?? []).map((item) => item.key as string | number)
  throw manifestError(where, lineOf(text, path), describe(issue, path))
}

function manifestError(
  { layer, file }: { layer: string; file: string },
  line: number,
  problem: string,
): CliError {
  return new CliError(`${file} of layer "${layer}", line ${line}: ${problem}`, {
    fix: 'See CONTRIBUTING.md, "A layer", for what layer.json may hold.',
  })
}

function describe(issue: v.BaseIssue<unknown>, path: readonly (string | number)[]): string {
  const at = path.join('.') || 'the file'
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `"${at}" is not a known field.`
  }
  if (issue.received === 'undefined') return `"${at}" is missing.`
  const own = ['check', 'regex', 'min_length', 'custom'].includes(issue.type)
  return own
    ? `"${at}" ${issue.message}.`
    : `"${at}" is ${issue.received}, expected ${issue.expected}.`
}

/** The line of a value; of a missing or unknown field, that of its nearest parent. */
export function lineOf(text: string, path: readonly (string | number)[]): number {
  const tree = parseTree(text, [], { allowTrailingComma: true })
  for (let length = path.length; tree && length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length))
    if (node) return lineAt(text, node.offset)
  }
  return 1
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
