import { styled } from './styled'

export const Card = styled('section', 'card', 'card')
export const CardHeader = styled('div', 'card-header', 'card-header')
export const CardTitle = styled('h2', 'card-title', 'card-title')
export const CardDescription = styled('p', 'card-description', 'muted small')
export const CardContent = styled('div', 'card-content', 'card-content')
