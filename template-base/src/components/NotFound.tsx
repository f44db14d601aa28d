import { Link } from '@tanstack/react-router'
import { buttonVariants } from './ui/button'
import { Page } from './ui/layout'

export function NotFound() {
  return (
    <Page title="Page not found" description="There is nothing at this address." width="narrow">
      <div>
        <Link to="/" className={buttonVariants({ variant: 'outline' })}>
          Back to the start
        </Link>
      </div>
    </Page>
  )
}
