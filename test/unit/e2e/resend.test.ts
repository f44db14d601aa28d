import { afterAll, beforeAll, expect, test } from 'vitest'
import { startResend, type Resend } from '../../e2e/support/resend.ts'

const mail = {
  from: 'The App <app@mail.example>',
  to: ['ada@example.com'],
  subject: 'Hello',
  text: 'A mail',
}

let resend: Resend
beforeAll(async () => {
  resend = await startResend({ apiKey: 'the key', domains: ['mail.example'] })
})
afterAll(() => resend.close())

function ask(path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(resend.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer the key', 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

test('a mail, and a batch of them, can be read again', async () => {
  const one = (await (await ask('/emails', mail)).json()) as { id: string }
  expect(await (await ask(`/emails/${one.id}`)).json()).toMatchObject({ ...mail, object: 'email' })
  const answer = await ask('/emails/batch', [mail, { ...mail, to: 'bob@example.com' }])
  expect(await answer.json()).toEqual({
    data: [{ id: expect.any(String) }, { id: expect.any(String) }],
  })
  expect(resend.mails.map(({ to }) => to)).toEqual([
    ['ada@example.com'],
    ['ada@example.com'],
    ['bob@example.com'],
  ])
})

test('the same key of a request sends once, and another body with it is refused', async () => {
  const before = resend.mails.length
  const key = { 'idempotency-key': 'one' }
  const [first, second] = [
    await ask('/emails/batch', [mail], key),
    await ask('/emails/batch', [mail], key),
  ]
  expect(await second.json()).toEqual(await first.json())
  expect(resend.mails).toHaveLength(before + 1)
  const other = await ask('/emails/batch', [{ ...mail, subject: 'Other' }], key)
  expect(other.status).toBe(409)
})

test.each<[string, number, string, unknown, Record<string, string>?]>([
  ['no key', 401, 'missing_api_key', [mail], { authorization: '' }],
  ['a wrong key', 401, 'validation_error', [mail], { authorization: 'Bearer another' }],
  ['no subject', 422, 'missing_required_field', [{ ...mail, subject: undefined }]],
  ['a malformed address', 422, 'validation_error', [mail, { ...mail, to: 'ada' }]],
  ['letters beyond ASCII', 422, 'validation_error', [{ ...mail, to: 'jörg@example.com' }]],
  ['a malformed sender', 422, 'validation_error', [{ ...mail, from: 'The App' }]],
  ['a domain of somebody else', 403, 'validation_error', [{ ...mail, from: 'a@other.example' }]],
  ['an empty batch', 422, 'validation_error', []],
])('refuses %s, and sends nothing', async (_, status, name, body, headers) => {
  const before = resend.mails.length
  const answer = await ask('/emails/batch', body, headers)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ statusCode: status, name })
  expect(resend.mails).toHaveLength(before)
})

test('in trouble it answers 500, or 429 with when to come back, or not at all', async () => {
  resend.fail('down')
  expect((await ask('/emails', mail)).status).toBe(500)
  resend.fail('limit')
  const limited = await ask('/emails', mail)
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
  resend.fail('hang')
  const signal = AbortSignal.timeout(300)
  await expect(fetch(`${resend.url}/emails`, { signal })).rejects.toThrow()
  resend.fail()
  expect((await ask('/emails', mail)).status).toBe(200)
})
