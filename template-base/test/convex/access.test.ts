import { makeFunctionReference } from 'convex/server'
import { expect, test } from 'vitest'
import { newUser, startBackend, type Backend } from './backend'

type Kind = 'query' | 'mutation' | 'action'
type Call = (name: ReturnType<typeof makeFunctionReference>, args: object) => Promise<unknown>

// What Convex looks for functions in: no file with one more dot in its name.
const modules = import.meta.glob<Record<string, object>>(
  ['../../convex/**/*.{ts,tsx}', '!../../convex/**/*.*.{ts,tsx}', '!../../convex/_generated/**'],
  { eager: true },
)

/** Public functions that anyone may call. */
const OPEN: string[] = []
// @slot open

/** Every other public function, and the arguments of a call. */
const argumentsOf = (taskId: string): Record<string, object> => ({
  'auth:getCurrentUser': {},
  'tasks:add': { text: 'Mine' },
  'tasks:get': { id: taskId },
  'tasks:list': { paginationOpts: { numItems: 1, cursor: null } },
  'tasks:remove': { id: taskId },
  'tasks:setDone': { id: taskId, done: true },
  'users:endOtherSessions': {},
  'users:endSession': { id: 'session' },
  'users:listSessions': {},
  'users:updateUserPassword': { currentPassword: 'old password', newPassword: 'new password' },
  // @slot functions
})

const functions = new Map<string, Kind>()
for (const [path, module] of Object.entries(modules)) {
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== 'function' || !('isPublic' in value)) continue
    const kind = 'isQuery' in value ? 'query' : 'isMutation' in value ? 'mutation' : 'action'
    functions.set(`${path.replace(/^\.\.\/\.\.\/convex\/|\.tsx?$/g, '')}:${name}`, kind)
  }
}

const call = (backend: Pick<Backend, Kind>, name: string, args: object) =>
  (backend[functions.get(name) ?? 'query'] as Call)(makeFunctionReference(name), args)

test('every public function is known to this test', () => {
  const known = [...OPEN, ...Object.keys(argumentsOf(''))]
  expect([...functions.keys()].sort()).toEqual(known.sort())
})

test('without a session, every function refuses', async () => {
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const task = await ada.run((ctx) =>
    ctx.db.insert('tasks', { userId: ada.userId, text: 'Mine', done: false }),
  )
  const ended = backend.withIdentity({ subject: ada.userId, sessionId: 'ended' })
  for (const [name, args] of Object.entries(argumentsOf(task))) {
    for (const caller of [backend, ended]) {
      await expect(call(caller, name, args), name).rejects.toThrow('Unauthenticated')
    }
  }
})
