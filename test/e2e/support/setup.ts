import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAndInstall } from '../../helpers/pack.ts'
import { pathFor } from '../../helpers/run.ts'
import { ARTIFACTS } from './artifacts.ts'
import { requireBrowser } from './browser.ts'
import {
  buildApp,
  makeWorkspace,
  ON_BACKEND,
  REPOSITORIES,
  WALKED,
  type Workspace,
} from './workspace.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The repositories; those that are walked are built. */
    workspace: Workspace
  }
}

/**
 * Global set-up of the browser tests: gets a browser where none is, packs unless that is done,
 * generates from the tarball, installs once and builds. `E2E_WORKSPACE` names the JSON of a
 * workspace that is there already.
 */
export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  requireBrowser()
  const given = process.env['E2E_WORKSPACE']
  if (given !== undefined) {
    project.provide('workspace', JSON.parse(readFileSync(given, 'utf8')))
    return undefined
  }
  rmSync(ARTIFACTS, { recursive: true, force: true })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'e2e-')))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    const workspace = await makeWorkspace({
      home: join(folder, 'apps'),
      bin: (project.getProvidedContext().installed ?? packAndInstall(folder)).bin,
      env: { PATH: await pathFor() },
      combinations: REPOSITORIES,
    })
    await buildAll(workspace)
    project.vitest.provide('workspace', workspace)
    return remove
  } catch (error) {
    remove()
    throw error
  }
}

/** Two at a time. */
async function buildAll(workspace: Workspace): Promise<void> {
  const names = [ON_BACKEND, ...WALKED.map(({ name }) => name)]
  const work = async () => {
    for (let name = names.pop(); name; name = names.pop()) {
      await buildApp(workspace, name)
    }
  }
  await Promise.all([work(), work()])
}
