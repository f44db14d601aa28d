import { expect, test } from 'vitest'
import { api } from '../../convex/_generated/api'
import { newUser, startBackend } from './backend'

test('a user adds, completes and deletes a task', async () => {
  const ada = await newUser(startBackend(), 'Ada')
  const id = await ada.mutation(api.tasks.add, { text: '  Buy milk ' })
  await ada.mutation(api.tasks.setDone, { id, done: true })
  expect(await ada.query(api.tasks.list)).toMatchObject([{ text: 'Buy milk', done: true }])

  await ada.mutation(api.tasks.remove, { id })
  expect(await ada.query(api.tasks.list)).toEqual([])
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

  expect(await bob.query(api.tasks.list)).toEqual([])
  await expect(bob.mutation(api.tasks.setDone, { id, done: true })).rejects.toThrow('no such task')
  await expect(bob.mutation(api.tasks.remove, { id })).rejects.toThrow('no such task')
  expect(await ada.query(api.tasks.list)).toMatchObject([{ done: false }])
})
