import { styled } from './styled'

export const Input = styled(
  'input',
  'input',
  'h-9 w-full min-w-0 rounded-md border border-input bg-card px-3 text-base shadow-xs transition-colors focus-visible:border-ring focus-visible:outline-offset-0 user-invalid:border-destructive aria-invalid:border-destructive aria-invalid:outline-destructive motion-reduce:transition-none md:text-sm',
)
