/** TRUSTED_ORIGINS is judged by the app's own rule, so that doctor and the app never disagree. */
export { sortOrigins } from '../../template-base/convex/origins.ts'
