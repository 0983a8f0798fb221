import type { Color } from '$live/board'

/** The colours that people choose, as they look. */
export const colors: Record<Color, string> = {
  red: '#e5484d',
  orange: '#f0811a',
  green: '#2f9e5d',
  blue: '#3b7de0',
  violet: '#8e5bd6',
}
