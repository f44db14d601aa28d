import { join } from 'node:path'
import { isInUse } from '../system/port.ts'
import { readIfThere } from '../project/find.ts'
import type { Project, Variables } from '../project/project.ts'
import { check } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** `.env.local`, the deployment's variables, and the addresses in them. */
export async function environmentChecks(inspection: Inspection): Promise<Check[]> {
  return [
    checkLocal(inspection.project),
    checkDeployment(inspection),
    checkSiteUrl(inspection),
    ...(inspection.project.providers.length > 0 ? [checkCallbacks(inspection)] : []),
    await checkPort(inspection.project),
  ]
}

function checkLocal({ local, pm }: Project): Check {
  const init = [`${pm.exec} convex init`]
  const problems: Problem[] = []
  if (local === undefined) problems.push({ message: ".env.local isn't there.", fix: init })
  for (const name of ['VITE_CONVEX_URL', 'VITE_CONVEX_SITE_URL']) {
    const value = local?.[name]
    if (local && !URL.canParse(value ?? '')) {
      problems.push({ message: `${name} is ${value ? 'no address' : 'missing'}.`, fix: init })
    }
  }
  const colliding = Object.keys(local ?? {}).filter((name) =>
    /^(?!VITE_)(?:\w+_)?CONVEX_(?:SITE_)?URL$/.test(name),
  )
  if (colliding.length > 0) {
    const names = colliding.join(' and ')
    problems.push({
      message: `${names} beside the VITE_ names keeps Convex from writing .env.local.`,
      fix: [`Take ${names} out of .env.local.`],
    })
  }
  if (/\.convex\.site\b/.test(local?.['VITE_CONVEX_URL'] ?? '')) {
    problems.push({
      message: 'VITE_CONVEX_URL is the address that VITE_CONVEX_SITE_URL should have.',
      fix: ['Put the one on .convex.cloud there.'],
    })
  }
  return check('env-local', problems, '.env.local has both addresses of Convex.')
}

function checkDeployment({ project, deployed }: Inspection): Check {
  const { env, pm } = project
  const well = 'The deployment has every variable of the app.'
  if ('problem' in deployed) return check('deployment', [deployed.problem], well)
  const missing = env.filter(({ name }) => !deployed.values[name])
  const problems = missing.map(({ name, optional, from }) => ({
    message: `The deployment lacks ${name}${optional ? ' (optional: its provider is off)' : ''}.`,
    fix: [`${pm.exec} convex env set ${name}${from === 'siteUrl' ? ` ${project.siteUrl}` : ''}`],
  }))
  return check('deployment', problems, well)
}

const variablesOf = ({ project, deployed }: Inspection): Variables =>
  'values' in deployed ? deployed.values : (project.convex ?? {})

function checkSiteUrl(inspection: Inspection): Check {
  const { siteUrl, pm } = inspection.project
  const value = variablesOf(inspection)['SITE_URL']
  const wrong = {
    message: `SITE_URL is ${value}, and the app is served at ${siteUrl}: sign-in would be refused.`,
    fix: [`${pm.exec} convex env set SITE_URL ${siteUrl}`],
  }
  const problems = value === undefined || value === siteUrl ? [] : [wrong]
  return check('site-url', problems, `SITE_URL goes with the port of the app: ${siteUrl}.`)
}

function checkCallbacks(inspection: Inspection): Check {
  const { project } = inspection
  const values = variablesOf(inspection)
  const site = values['SITE_URL'] ?? project.siteUrl
  const half = project.providers.flatMap(({ title, env }): Problem[] => {
    const [set, unset] = [true, false].map((has) =>
      env.filter(({ name }) => Boolean(values[name]) === has).map(({ name }) => name),
    )
    if (!set?.length || !unset?.length) return []
    const message = `${title} has ${set.join()} without ${unset.join()}, and is off.`
    return [{ message, fix: unset.map((name) => `${project.pm.exec} convex env set ${name}`) }]
  })
  const isOrigin = URL.canParse(site) && new URL(site).origin === site
  const malformed = {
    message: `SITE_URL is ${site}: callbacks begin with it, so it is scheme and host alone.`,
    fix: [`${project.pm.exec} convex env set SITE_URL ${project.siteUrl}`],
  }
  const route = 'src/routes/api/auth/$.ts'
  const unrouted = {
    message: `${route} isn't there, which answers the callbacks.`,
    fix: [`git checkout -- "${route}"`],
  }
  const isRouted = readIfThere(join(project.root, route)) !== undefined
  const urls = project.providers.map(({ title, callback }) => `${title}: ${site}${callback}`)
  return check(
    'callbacks',
    [...half, ...(isOrigin ? [] : [malformed]), ...(isRouted ? [] : [unrouted])],
    `The callback URLs to register are ${urls.join(', ')}.`,
  )
}

async function checkPort({ siteUrl, input, root }: Project): Promise<Check> {
  const { port } = new URL(siteUrl)
  const free = !(await isInUse(Number(port || 80)))
  const problem = {
    message: `Another program listens on port ${port}.`,
    fix: [`Stop it, or change PORT in .env and SITE_URL on the deployment.`],
  }
  const isOurs = free || (await servesApp(siteUrl, input.name, root))
  return check('port', isOurs ? [] : [problem], `Port ${port} is ${free ? 'free' : "the app's"}.`)
}

/** Whether what listens there is this app: its pages have its name. */
async function servesApp(siteUrl: string, name: string, root: string): Promise<boolean> {
  const shown = /^VITE_APP_NAME=(.*)$/m.exec(readIfThere(join(root, '.env')) ?? '')?.[1]
  try {
    const response = await fetch(siteUrl, { signal: AbortSignal.timeout(3000) })
    return (await response.text()).includes(shown?.trim() || name)
  } catch {
    return false
  }
}
