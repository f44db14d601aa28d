import { styled } from './styled'

export const Card = styled(
  'section',
  'card',
  'flex flex-col gap-5 rounded-xl border bg-card py-6 text-card-foreground shadow-sm',
)
export const CardHeader = styled('div', 'card-header', 'grid gap-1.5 px-6')
export const CardTitle = styled('h2', 'card-title', 'leading-none font-semibold')
export const CardDescription = styled('p', 'card-description', 'text-sm text-muted-foreground')
export const CardContent = styled('div', 'card-content', 'flex flex-col gap-5 px-6')
