import { join } from 'node:path'
import { isInUse, portOf } from '../system/port.ts'
import { readIfThere, strangeEncoding } from '../project/find.ts'
import { sortOrigins } from '../project/origins.ts'
import { isNeeded } from '../plan/data.ts'
import { settingsFiles } from '../project/project.ts'
import type { Project, Variables } from '../project/project.ts'
import { check, unchecked } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** `.env.local`, the deployment's variables, and the addresses in them. */
export async function environmentChecks(inspection: Inspection): Promise<Check[]> {
  return [
    checkLocal(inspection.project),
    checkDeployment(inspection),
    checkSiteUrl(inspection),
    ...(inspection.project.providers.length > 0 ? [checkCallbacks(inspection)] : []),
    ...checkTrustedOrigins(inspection),
    await checkPort(inspection.project),
  ]
}

function checkLocal({ root, local, pm }: Project): Check {
  const init = [`${pm.exec} convex init`]
  const problems: Problem[] = []
  if (local === undefined) problems.push({ message: ".env.local isn't there.", fix: init })
  for (const name of ['VITE_CONVEX_URL', 'VITE_CONVEX_SITE_URL']) {
    const value = local?.[name]
    if (local && !URL.canParse(value ?? '')) {
      problems.push({ message: `${name} is ${value ? 'no address' : 'missing'}.`, fix: init })
    }
  }
  for (const name of [...settingsFiles.toReversed(), '.env.convex']) {
    const encoding = strangeEncoding(join(root, name))
    if (encoding !== undefined) {
      const message = `${name} is saved as ${encoding}: Vite and Convex misread it.`
      problems.push({ message, fix: [`Save ${name} as plain UTF-8.`] })
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
  if ('problem' in deployed) {
    const { message, fix } = deployed.problem
    return deployed.isUnknown
      ? unchecked('deployment', `The deployment can't be asked: ${message}`, fix)
      : check('deployment', [deployed.problem], well)
  }
  const site = deployed.values['SITE_URL'] || project.siteUrl
  const missing = env
    .filter((variable) => isNeeded(variable, project, site))
    .filter(({ name }) => !deployed.values[name])
  const problems = missing.map(({ name, optional, from }) => ({
    message: `The deployment lacks ${name}${whyNeeded(optional, site)}.`,
    fix: [`${pm.exec} convex env set ${name}${from === 'siteUrl' ? ` ${project.siteUrl}` : ''}`],
  }))
  return check('deployment', problems, well)
}

function whyNeeded(optional: Project['env'][number]['optional'], site: string): string {
  if (optional === 'local')
    return `, which the app does without on your own machine, not at ${site}`
  return optional ? ' (optional: its provider is off)' : ''
}

const variablesOf = ({ project, deployed }: Inspection): Variables =>
  'values' in deployed ? deployed.values : (project.convex ?? {})

function checkSiteUrl(inspection: Inspection): Check {
  const { siteUrl, pm } = inspection.project
  const value = variablesOf(inspection)['SITE_URL'] || undefined
  if (value === undefined && 'problem' in inspection.deployed) {
    return unchecked(
      'site-url',
      "SITE_URL can't be checked: .env.convex has none, and the deployment isn't known.",
    )
  }
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
  const site = values['SITE_URL'] || project.siteUrl
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

/** Where the app trusts more origins than its own. */
function checkTrustedOrigins(inspection: Inspection): Check[] {
  const { env, pm, siteUrl } = inspection.project
  if (!env.some(({ name }) => name === 'TRUSTED_ORIGINS')) return []
  const values = variablesOf(inspection)
  if (values['TRUSTED_ORIGINS'] === undefined && 'problem' in inspection.deployed) {
    const why = ".env.convex has none, and the deployment isn't known."
    return [unchecked('trusted-origins', `TRUSTED_ORIGINS can't be checked: ${why}`)]
  }
  const { refused } = sortOrigins(values['SITE_URL'] || siteUrl, values['TRUSTED_ORIGINS'])
  const problem = {
    message: `TRUSTED_ORIGINS has ${refused.join(' and ')}, which the app doesn't trust: too wide, not an origin, or http beside a site on https.`,
    fix: [`${pm.exec} convex env set TRUSTED_ORIGINS`],
  }
  const problems = refused.length > 0 ? [problem] : []
  return [check('trusted-origins', problems, 'The app trusts every entry of TRUSTED_ORIGINS.')]
}

async function checkPort({ siteUrl, portFile, wrongPort, shownName }: Project): Promise<Check> {
  if (wrongPort !== undefined) {
    const message = `PORT in ${portFile} is "${wrongPort}", which is no port.`
    return check('port', [{ message, fix: ['Put a number from 1 to 65535 there.'] }], '')
  }
  const port = portOf(siteUrl)
  const free = !(await isInUse(port))
  const problem = {
    message: `Another program listens on port ${port}.`,
    fix: [`Stop it, or change PORT in ${portFile} and SITE_URL on the deployment.`],
  }
  const isOurs = free || (await servesApp(siteUrl, shownName))
  return check('port', isOurs ? [] : [problem], `Port ${port} is ${free ? 'free' : "the app's"}.`)
}

/** Whether what listens there is this app: its pages have its name. */
async function servesApp(siteUrl: string, name: string): Promise<boolean> {
  // As React writes text into a page.
  const written = name
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')
  try {
    const response = await fetch(siteUrl, { signal: AbortSignal.timeout(3000) })
    return (await response.text()).includes(written)
  } catch {
    return false
  }
}
