import { afterEach, expect, test, vi } from 'vitest'
import { api, internal } from '../../convex/_generated/api'
import { newUser, startBackend } from './backend'

afterEach(() => void vi.useRealTimers())

const firstPage = { paginationOpts: { numItems: 50, cursor: null } }

test('a user adds, completes and deletes a task', async () => {
  const ada = await newUser(startBackend(), 'Ada')
  const id = await ada.mutation(api.tasks.add, { text: '  Buy milk ' })
  await ada.mutation(api.tasks.setDone, { id, done: true })
  expect(await ada.query(api.tasks.list, firstPage)).toMatchObject({
    page: [{ text: 'Buy milk', done: true }],
  })
  expect(await ada.query(api.tasks.get, { id })).toMatchObject({ text: 'Buy milk' })

  await ada.mutation(api.tasks.remove, { id })
  expect(await ada.query(api.tasks.list, firstPage)).toMatchObject({ page: [] })
  expect(await ada.query(api.tasks.get, { id })).toBeNull()
})

test.each(['', '   ', 'x'.repeat(501), 'x'.repeat(100_000)])(
  'refuses the task %#',
  async (text) => {
    const ada = await newUser(startBackend(), 'Ada')
    await expect(ada.mutation(api.tasks.add, { text })).rejects.toThrow('1 to 500 characters')
  },
)

test('nobody sees or changes the tasks of another user', async () => {
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const bob = await newUser(backend, 'Bob')
  const id = await ada.mutation(api.tasks.add, { text: 'Secret' })

  expect(await bob.query(api.tasks.list, firstPage)).toMatchObject({ page: [] })
  expect(await bob.query(api.tasks.get, { id })).toBeNull()
  await expect(bob.mutation(api.tasks.setDone, { id, done: true })).rejects.toThrow('no such task')
  await expect(bob.mutation(api.tasks.remove, { id })).rejects.toThrow('no such task')
  expect(await ada.query(api.tasks.get, { id })).toMatchObject({ done: false })
})

test('a list comes in pages, and a mistyped id is no task', async () => {
  const ada = await newUser(startBackend(), 'Ada')
  for (const text of ['first', 'second', 'third']) await ada.mutation(api.tasks.add, { text })
  const read = (cursor: string | null) =>
    ada.query(api.tasks.list, { paginationOpts: { numItems: 2, cursor } })
  const { page, isDone, continueCursor } = await read(null)
  expect(page.map(({ text }) => text)).toEqual(['third', 'second'])
  expect(isDone).toBe(false)
  expect((await read(continueCursor)).page).toMatchObject([{ text: 'first' }])
  expect(await ada.query(api.tasks.get, { id: 'no such id' })).toBeNull()
})

test('all tasks of a deleted account go, more than one mutation deletes', async () => {
  vi.useFakeTimers()
  const backend = startBackend()
  await backend.run(async ({ db }) => {
    for (let n = 0; n <= 100; n += 1) {
      await db.insert('tasks', { userId: 'ada', text: 'Buy milk', done: false })
    }
    await db.insert('tasks', { userId: 'bob', text: 'Buy bread', done: false })
  })
  await backend.mutation(internal.tasks.removeAll, { userId: 'ada' })
  await backend.finishAllScheduledFunctions(vi.runAllTimers)
  const left = await backend.run(({ db }) => db.query('tasks').collect())
  expect(left).toMatchObject([{ userId: 'bob' }])
})
