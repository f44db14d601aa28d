import type { GenericValidator } from 'convex/values'
import { afterEach, expect, test, vi } from 'vitest'
import { components, internal } from '../../convex/_generated/api'
import schema from '../../convex/schema'
import { newUser, startBackend, type Backend } from './backend'

afterEach(() => void vi.useRealTimers())

/** A table can have rows of several kinds. */
const kindsOf = (validator: GenericValidator): GenericValidator[] =>
  validator.kind === 'union' ? validator.members.flatMap(kindsOf) : [validator]

const validators = Object.entries<{ validator: GenericValidator }>(schema.tables).flatMap(
  ([table, { validator }]) => kindsOf(validator).map((kind) => [table, kind] as const),
)
const ofUsers = validators.filter(
  ([, validator]) => validator.kind === 'object' && 'userId' in validator.fields,
)

test('a deleted account leaves no row in any table with a userId', async () => {
  vi.useFakeTimers()
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const bob = await newUser(backend, 'Bob')
  for (const [table, validator] of ofUsers) {
    for (const { userId } of [ada, bob]) {
      const row = { ...((await sample(backend, validator)) as object), userId }
      await backend.run((ctx) => ctx.db.insert(table as never, row as never))
    }
  }
  const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
  await backend.fetch('/api/auth/delete-user', { method: 'POST', headers, body: '{}' })
  await backend.finishAllScheduledFunctions(vi.runAllTimers)

  for (const [table] of ofUsers) {
    const left = await backend.run((ctx) => ctx.db.query(table as never).collect())
    const owners = left.map((row) => (row as { userId: string }).userId)
    expect(owners, `onDelete in convex/auth.ts forgets ${table}`).not.toContain(ada.userId)
    expect(owners).toContain(bob.userId)
  }
})

test('a deleted user leaves no way to sign in, and gets none', async () => {
  const backend = startBackend()
  const { userId, token } = await newUser(backend, 'Ada')
  const account = { userId, providerId: 'github', accountId: 'ada', createdAt: 0, updatedAt: 0 }
  const { create, findMany } = components.betterAuth.adapter
  const connect = () => backend.mutation(create, { input: { model: 'account', data: account } })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  await backend.fetch('/api/auth/delete-user', { method: 'POST', headers, body: '{}' })
  // Begun before, and done while the user was being deleted, or after that.
  await connect()
  await backend.mutation(internal.auth.onDelete, { model: 'user', doc: { _id: userId } })
  const paginationOpts = { numItems: 10, cursor: null }
  expect((await backend.query(findMany, { model: 'account', paginationOpts })).page).toEqual([])
  const made = backend.mutation(internal.auth.onCreate, { model: 'account', doc: account })
  await expect(made).rejects.toThrow('needs a user')
})

/** Some value that the validator takes. */
async function sample(backend: Backend, validator?: GenericValidator): Promise<unknown> {
  switch (validator?.kind) {
    case 'id': {
      if (validator.tableName.startsWith('_')) {
        return backend.run((ctx) => ctx.storage.store(new Blob(['a file'])))
      }
      const found = validators.find(([table]) => table === validator.tableName)
      const row = found && (await sample(backend, found[1]))
      return backend.run((ctx) => ctx.db.insert(validator.tableName as never, row as never))
    }
    case 'object': {
      const fields = Object.entries<GenericValidator>(validator.fields)
      const required = fields.filter(([, field]) => field.isOptional === 'required')
      const values = required.map(async ([name, field]) => [name, await sample(backend, field)])
      return Object.fromEntries(await Promise.all(values))
    }
    case 'union':
      return sample(backend, validator.members[0])
    case 'literal':
      return validator.value
    case 'array':
      return []
    case 'record':
      return {}
    case 'boolean':
      return false
    case 'float64':
      return 0
    case 'int64':
      return 0n
    case 'bytes':
      return new ArrayBuffer(0)
    case 'null':
      return null
    default:
      return 'text'
  }
}
