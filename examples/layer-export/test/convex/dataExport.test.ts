import { expect, test } from 'vitest'
import { api } from '../../convex/_generated/api'
import { newUser, startBackend } from './backend'

test('a user gets their own tasks, and nobody else', async () => {
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const bob = await newUser(backend, 'Bob')
  await ada.mutation(api.tasks.add, { text: 'Mine' })
  await bob.mutation(api.tasks.add, { text: 'Not mine' })
  expect(await ada.query(api.dataExport.mine, {})).toMatchObject({
    name: 'Ada',
    tasks: [{ text: 'Mine', done: false }],
  })
})
