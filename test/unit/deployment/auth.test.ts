import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerifier } from '../../deployment/auth.ts'

let keys: GenerateKeyPairResult
let server: Server
let origin: string
let served: object[] = []

beforeAll(async () => {
  keys = await generateKeyPair('RS256')
  served = [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }]
  server = createServer((request, response) => {
    const discovery = request.url === '/.well-known/openid-configuration'
    const body = discovery ? { jwks_uri: `${origin}/jwks` } : { keys: served }
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const customJwt = () => ({
  type: 'customJwt',
  issuer: origin,
  applicationID: 'convex',
  algorithm: 'RS256',
  jwks: `${origin}/jwks`,
})

const token = (kid = 'one', expires = '1h', audience = 'convex') =>
  new SignJWT({ email: 'ann@example.com', given_name: 'Ann', sessionId: 's1' })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setSubject('u1')
    .setIssuer(origin)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(keys.privateKey)

test('the claims become the identity that functions see', async () => {
  const { identity, admin } = await createVerifier([customJwt()])(await token())
  expect(identity).toEqual({
    subject: 'u1',
    issuer: origin,
    tokenIdentifier: `${origin}|u1`,
    email: 'ann@example.com',
    givenName: 'Ann',
    sessionId: 's1',
  })
  expect(admin).toBe(false)
})

test('an OIDC provider is found by its discovery document', async () => {
  const verify = createVerifier([{ domain: `${origin}/`, applicationID: 'convex' }])
  expect((await verify(await token())).identity?.subject).toBe('u1')
})

test('an expired token is refused', async () => {
  const expired = createVerifier([customJwt()])(await token('one', '-1s'))
  await expect(expired).rejects.toMatchObject({
    code: 'Unauthenticated',
    message: expect.stringContaining('expired') as string,
  })
})

test('a token for another application is refused', async () => {
  const other = createVerifier([customJwt()])(await token('one', '1h', 'other'))
  await expect(other).rejects.toMatchObject({ code: 'NoAuthProvider' })
})

test('an unsigned token is refused', async () => {
  const [, payload] = (await token()).split('.')
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  const unsigned = createVerifier([customJwt()])(`${header}.${payload}.`)
  await expect(unsigned).rejects.toMatchObject({ code: 'Unauthenticated' })
})

test('a key that appears after the first look is found at once', async () => {
  const verify = createVerifier([customJwt()])
  await expect(verify(await token('two'))).rejects.toMatchObject({
    code: 'Unauthenticated',
  })
  served = [...served, { ...served[0], kid: 'two' }]
  expect((await verify(await token('two'))).identity?.subject).toBe('u1')
})

test('an app without providers knows nobody', async () => {
  await expect(createVerifier([])(await token())).rejects.toMatchObject({
    code: 'NoAuthProvider',
  })
})
