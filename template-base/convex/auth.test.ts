import { expect, test } from 'vitest'
import { api } from './_generated/api'
import { PASSWORD, asUser, postAuth, signUp, startBackend } from './test.setup'

const email = 'ada@example.com'

test('a new user is signed in', async () => {
  const backend = startBackend()
  const ada = await signUp(backend, 'Ada')
  const user = await ada.query(api.auth.getCurrentUser)
  expect(user).toMatchObject({ name: 'Ada', email })
})

test('a user signs in with the right password only', async () => {
  const backend = startBackend()
  await signUp(backend, 'Ada')

  const credentials = { email, password: PASSWORD }
  const response = await postAuth(backend, 'sign-in/email', credentials)
  const user = await asUser(backend, response).query(api.auth.getCurrentUser)
  expect(user.name).toBe('Ada')

  const wrong = { email, password: 'wrong password' }
  expect((await postAuth(backend, 'sign-in/email', wrong)).status).toBe(401)
})

test('nobody is signed in without a session', async () => {
  const query = startBackend().query(api.auth.getCurrentUser)
  await expect(query).rejects.toThrow('Unauthenticated')
})

test('a changed password replaces the old one', async () => {
  const backend = startBackend()
  const ada = await signUp(backend, 'Ada')
  const newPassword = 'a brand new password'
  const passwords = { currentPassword: PASSWORD, newPassword }
  await ada.mutation(api.users.updateUserPassword, passwords)

  const signIn = async (password: string) =>
    (await postAuth(backend, 'sign-in/email', { email, password })).status
  expect(await signIn(PASSWORD)).toBe(401)
  expect(await signIn(newPassword)).toBe(200)
})

test('a password is changed only by someone who knows it', async () => {
  const backend = startBackend()
  const ada = await signUp(backend, 'Ada')
  const passwords = { currentPassword: 'a guess', newPassword: 'new password' }

  await expect(ada.mutation(api.users.updateUserPassword, passwords)).rejects.toThrow(
    'Invalid password',
  )
  await expect(backend.mutation(api.users.updateUserPassword, passwords)).rejects.toThrow(
    'Unauthenticated',
  )
})

test('a user sees their own sessions, without their tokens', async () => {
  const backend = startBackend()
  const ada = await signUp(backend, 'Ada')
  await signUp(backend, 'Bob')
  await postAuth(backend, 'sign-in/email', { email, password: PASSWORD })

  const sessions = await ada.query(api.users.listSessions)
  expect(sessions.map((session) => session.current)).toEqual([true, false])
  expect(Object.keys(sessions[0] ?? {})).not.toContain('token')
  await expect(backend.query(api.users.listSessions)).rejects.toThrow('Unauthenticated')
})
