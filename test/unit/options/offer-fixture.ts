import type { Offer } from '../../../src/options/questions.ts'

export const offer: Offer = {
  tailwind: {
    name: 'tailwind',
    title: 'Tailwind CSS',
    hint: 'utility classes',
    choices: [],
  },
  social: {
    name: 'social',
    title: 'Social sign-in',
    hint: 'accounts from elsewhere',
    choices: [
      { name: 'github', title: 'GitHub', hint: '' },
      { name: 'google', title: 'Google', hint: '' },
    ],
  },
  email: { name: 'email', title: 'E-mail', hint: 'mails', choices: [] },
}
