// A thread's entry must be JavaScript on Node 20: it brings tsx, which runs the app's TypeScript.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
