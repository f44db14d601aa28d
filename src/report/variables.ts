import type { TemplateData } from '../plan/types.ts'
import { stepsFor } from './env.ts'
import type { NextStep } from './next-steps.ts'

/** The commands for the variables that come or go between two sets of layers. */
export function variableSteps(before: TemplateData, after: TemplateData): NextStep[] {
  const had = new Set(before.env.map(({ name }) => name))
  const has = new Set(after.env.map(({ name }) => name))
  const gone = before.env.filter(({ name }) => !has.has(name))
  const { pm, siteUrl } = after
  const news = stepsFor({
    pm,
    siteUrl,
    env: after.env.filter(({ name }) => !had.has(name)),
    providers: after.providers
      .filter(({ id }) => !before.providers.some((provider) => provider.id === id))
      .map((provider) => ({ ...provider, callbackUrl: siteUrl + provider.callback })),
    services: after.services.filter(
      ({ id }) => !before.services.some((service) => service.id === id),
    ),
    prod: false,
    hasFile: false,
  })
  if (gone.length === 0) return news
  const commands = gone.map(({ name }) => `${pm.exec} convex env remove ${name}`)
  return [...news, { title: 'Take its variables off the deployment, where they are set', commands }]
}
