import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import {
  startDeployment,
  type Deployment,
  type DeploymentOptions,
} from '../../deployment/server.ts'

const repositoryRoot = join(import.meta.dirname, '../../..')

/** What the generated app requires of its deployment. */
export const env = {
  SITE_URL: 'http://localhost:3000',
  BETTER_AUTH_SECRET: '5f'.repeat(32),
}

/** A copy of the base app's backend, with `extra` modules; `remove` it afterwards. */
export async function createApp(extra: Record<string, string> = {}) {
  const appDir = await mkdtemp(join(tmpdir(), 'deployment-'))
  const base = join(repositoryRoot, 'template-base')
  await cp(join(base, 'convex'), join(appDir, 'convex'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts') && basename(dirname(path)) !== 'tests',
  })
  await cp(join(base, 'package.json'), join(appDir, 'package.json'))
  for (const [name, source] of Object.entries(extra)) {
    await writeFile(join(appDir, 'convex', name), source)
  }
  await symlink(join(repositoryRoot, 'node_modules'), join(appDir, 'node_modules'), 'junction')
  const remove = () => rm(appDir, { recursive: true, force: true })
  return { appDir, remove }
}

/** An app with its deployment; `stop` ends and removes both. */
export async function deployApp(
  options: Partial<DeploymentOptions> = {},
  extra: Record<string, string> = {},
): Promise<Deployment & { appDir: string }> {
  const { appDir, remove } = await createApp(extra)
  const deployment = await startDeployment({ appDir, env, ...options })
  const stop = async () => {
    await deployment.stop()
    await remove()
  }
  return { ...deployment, appDir, stop }
}

/** Signs a new user up as a browser would; answers the token that Convex accepts. */
export async function signUp({ siteUrl }: Deployment, name: string): Promise<string> {
  const response = await fetch(`${siteUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: env.SITE_URL },
    body: JSON.stringify({
      name,
      email: `${name.toLowerCase()}@example.com`,
      password: 'correct horse battery',
    }),
  })
  const token = response.headers
    .getSetCookie()
    .map((cookie) => /convex_jwt=([^;]+)/.exec(cookie)?.[1])
    .find((value) => value !== undefined)
  if (token === undefined) throw new Error(await response.text())
  return token
}
