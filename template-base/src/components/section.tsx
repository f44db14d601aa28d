import type { ReactNode } from 'react'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'

interface SectionProps {
  title: string
  description?: ReactNode
  children: ReactNode
}

/** A card with a heading. */
export const Section = ({ title, description, children }: SectionProps) => (
  <Card>
    <CardHeader>
      <CardTitle>{title}</CardTitle>
      {description && <CardDescription>{description}</CardDescription>}
    </CardHeader>
    <CardContent>{children}</CardContent>
  </Card>
)
