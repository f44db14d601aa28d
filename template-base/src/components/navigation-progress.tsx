import { useRouterState } from '@tanstack/react-router'
import { Progress } from './ui/progress'

/** A navigation that waits for its data shows that it does; the page before it stays until then. */
export function NavigationProgress() {
  const isLoading = useRouterState({ select: (state) => state.isLoading })
  return isLoading && <Progress aria-label="Loading the page" />
}
