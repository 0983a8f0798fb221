// Replaces track.js if the vite plugin finds Svelte 5.
import * as reactivity from 'svelte/reactivity'
import * as store from 'svelte/store'
import { createSubscriber as none } from './track.js'

export const createSubscriber = reactivity.createSubscriber ?? none
export const toStore = store.toStore
