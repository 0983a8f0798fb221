import { mount } from 'svelte'
import Page from '$page'
import { apps } from '../apps.js'
import './app.css'

document.title = `${apps[APP].title} · Live`
mount(Page, { target: document.getElementById('app')! })
