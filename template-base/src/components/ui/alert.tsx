import { styled } from './styled'

/** Read out at once by a screen reader. */
export const Alert = styled('div', 'alert', 'alert', { role: 'alert' })

/** Good news: read out when the user pauses. */
export const Notice = styled('output', 'notice', 'notice')
