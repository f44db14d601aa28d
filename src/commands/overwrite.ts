import { confirm } from '../options/prompts.ts'

/** Asks whether `.env.convex` may overwrite what the deployment has. */
export function confirmOverwrite(): Promise<boolean> {
  return confirm(
    'The deployment has other values for some of these. Overwrite them? (Another secret signs everyone out.)',
    false,
  )
}
