import { clsx, type ClassValue } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Joins class names; of two utilities that disagree, the later one wins. */
export const cn = (...inputs: ClassValue[]) => twMerge(clsx(inputs))
