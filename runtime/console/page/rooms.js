// The rooms and channels that are open, and their members. The page polls the server for them, and enters no room.

import { fill, h } from './dom.js'

const EVERY = 2000 // milliseconds

/** The name of a member for people: its first text other than the key, or the key. */
export function memberName(member) {
  for (const [name, value] of Object.entries(member ?? {})) if (name !== 'key' && typeof value === 'string' && value !== '') return value
  return String(member?.key ?? '?')
}

/** An entry point with its arguments, written as a call. */
export const topicName = ({ name, args }) => `${name}(${(args ?? []).map((a) => JSON.stringify(a)).join(', ')})`

const plural = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`

/** The number of items in a channel, in words. */
export function holdings(value) {
  if (Array.isArray(value)) return plural(value.length, 'item')
  return value === null || value === undefined ? 'nothing kept' : 'a value'
}

const link = (item) => h('a', { href: `#${item.name}` }, topicName(item))

function roomRow(room) {
  const members = room.members?.map((m) => h('span', { class: 'member', title: JSON.stringify(m) }, memberName(m)))
  return h(
    'tr',
    null,
    h('td', null, link(room)),
    h('td', null, members ?? h('span', { class: 'muted' }, 'no presence')),
    h('td', { class: 'muted' }, plural(room.connections, 'connection'), ', ', plural(room.cursors, 'cursor')),
  )
}

const channelRow = (channel) =>
  h(
    'tr',
    null,
    h('td', null, link(channel)),
    h('td', null, holdings(channel.value)),
    h('td', { class: 'muted' }, plural(channel.followers, 'follower')),
  )

const table = (head, rows) =>
  rows.length > 0 &&
  h(
    'table',
    { class: 'open' },
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        head.map((t) => h('th', null, t)),
      ),
    ),
    h('tbody', null, rows),
  )

/** The panel. It polls as long as it is in the page. */
export function roomsPanel() {
  const body = h('div', null, h('p', { class: 'muted' }, 'Loading …'))
  const el = h('section', { 'aria-label': 'Open rooms and channels' }, h('h2', null, 'Open now'), body)
  let shown = ''
  const read = async () => {
    try {
      const response = await fetch('rooms.json')
      if (!response.ok) throw new Error(`the server answers ${response.status}`)
      const text = await response.text()
      if (text !== shown) {
        shown = text
        const { rooms, channels } = JSON.parse(text)
        fill(
          body,
          table(['Room', 'Who is there', ''], rooms.map(roomRow)),
          table(['Channel', 'Holds', ''], channels.map(channelRow)),
          rooms.length + channels.length === 0 && h('p', { class: 'muted' }, 'Nobody is in a room or follows a channel.'),
        )
      }
    } catch (e) {
      shown = ''
      fill(body, h('p', { class: 'muted' }, `The rooms cannot be read: ${e.message}.`))
    }
    setTimeout(() => el.isConnected && read(), EVERY)
  }
  read()
  return el
}
