import type { JSONValue } from 'convex/values'
import type { FunctionResult } from './functions/messages.ts'

// A page that a client follows keeps its end, however many of its rows come and go: Convex notes
// it in the query's journal (`convex/src/browser/sync/protocol.ts`), and the client, when it connects
// again, brings that along. Without it, the rows between two pages would show twice, or nowhere.

type Fields = Readonly<Record<string, JSONValue | undefined>>
const isObject = (value: JSONValue | undefined): value is Record<string, JSONValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The arguments of a query, with which its page ends where the journal says. */
export function withJournal(args: JSONValue, journal: string | null): JSONValue {
  const { paginationOpts }: Fields = isObject(args) ? args : {}
  if (journal === null || !isObject(paginationOpts)) return args
  return { ...(args as object), paginationOpts: { endCursor: journal, ...paginationOpts } }
}

/** Where the result's page ends; null for what is no page. */
export function journalOf(result: FunctionResult): string | null {
  const { page, continueCursor }: Fields = result.ok && isObject(result.value) ? result.value : {}
  return Array.isArray(page) && typeof continueCursor === 'string' ? continueCursor : null
}

/** The result as it ends by its journal: convex-test takes a page for the last one when its last row is gone. */
export function keepEnd(result: FunctionResult, journal: string | null): FunctionResult {
  if (journal === null || journalOf(result) === null || !result.ok) return result
  const isDone = journal === LAST
  return { ok: true, value: { ...(result.value as object), continueCursor: journal, isDone } }
}

/** What convex-test calls the end of the last page. */
const LAST = '_end_cursor'
