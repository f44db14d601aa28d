import { HTTPError, defineMiddleware } from 'nitro'
import { getRouteRules } from 'nitro/app'

/**
 * Has the last word on files of the build that aren't there. Nitro tells caches to keep
 * whatever is answered at such a path, and that must not be a page of the app.
 */
export default defineMiddleware((event) => {
  const { routeRules } = getRouteRules(event.req.method, event.url.pathname)
  if (routeRules?.headers?.['cache-control']?.includes('immutable')) {
    throw new HTTPError({ status: 404, headers: { 'cache-control': 'no-store' } })
  }
})
