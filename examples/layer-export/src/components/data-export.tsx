import { useConvex } from 'convex/react'
import { api } from '~/convex/_generated/api'
import { useAttempt } from '~/lib/failure'
import { Section } from './section'
import { Alert } from './ui/alert'
import { Button } from './ui/button'

/** Downloads what the app keeps of the user. */
export function DataExport() {
  const convex = useConvex()
  const { pending, message, attempt } = useAttempt()

  async function download() {
    const data = await convex.query(api.dataExport.mine, {})
    const file = new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = 'my-data.json'
    link.click()
    URL.revokeObjectURL(link.href)
  }

  return (
    <Section title="Your data" description="Your account and your tasks, as a file.">
      {message && <Alert>{message}</Alert>}
      <div>
        <Button variant="outline" disabled={pending} onClick={() => attempt(download())}>
          {pending ? 'Collecting…' : 'Download'}
        </Button>
      </div>
    </Section>
  )
}
