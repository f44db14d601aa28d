import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cli, emptyFolder } from './cli.ts'

const modules = join(import.meta.dirname, '../../node_modules')

/** A generated repository, below the installation of this one. */
export async function makeRepository(...flags: readonly string[]): Promise<string> {
  const parent = emptyFolder()
  symlinkSync(modules, join(parent, 'node_modules'), 'junction')
  const fixed = ['--yes', '--pm', 'npm', '--no-install', '--no-git']
  const run = await cli(['app', ...flags, ...fixed], { cwd: parent })
  if (run.exitCode !== 0) throw new Error(run.stderr)
  return join(parent, 'app')
}

/** What points the Convex CLI at no deployment, and at nobody's account. */
export const noDeployment = {
  CONVEX_DEPLOYMENT: undefined,
  CONVEX_SELF_HOSTED_URL: undefined,
  CONVEX_SELF_HOSTED_ADMIN_KEY: undefined,
  CONVEX_DEPLOY_KEY: undefined,
}

/** What points it at a deployment for tests. */
export const pointAt = ({ url, adminKey }: { url: string; adminKey: string }) => ({
  ...noDeployment,
  CONVEX_SELF_HOSTED_URL: url,
  CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
})
