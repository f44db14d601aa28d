import { styled } from './styled'

const look = 'block w-full rounded-lg border border-current/30 bg-current/7 px-4 py-3 text-sm'

/** Read out at once by a screen reader. */
export const Alert = styled('div', 'alert', `${look} text-destructive`, { role: 'alert' })

/** Good news: read out when the user pauses. */
export const Notice = styled('output', 'notice', `${look} text-success`)
