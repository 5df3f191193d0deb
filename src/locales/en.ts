import { listMessages } from '../listMessages.ts'
import { type Messages, messages } from '../messages.ts'
import { viewMessages } from '../viewMessages.ts'

/** English, whole: to look texts up, and to build a translation of your own on. */
const en: Messages = { ...messages, ...viewMessages, lists: listMessages }

export default en
