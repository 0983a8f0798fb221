/// <reference types="svelte" />
/// <reference types="vite/client" />

/** The app that this page belongs to. */
declare const APP: 'chat' | 'todo' | 'poll' | 'board'
