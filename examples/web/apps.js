// The examples that have a page, with the port that `npm start` serves each on.
export const apps = {
  chat: { title: 'Chat', page: 'Chat.svelte', port: 8080 },
  todo: { title: 'Todo', page: 'Todo.svelte', port: 8081 },
  poll: { title: 'Polls', page: 'Polls.svelte', port: 8082 },
  board: { title: 'Board', page: 'Board.svelte', port: 8083 },
}
