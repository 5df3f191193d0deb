export { type Config, type ConfigResult, parseConfig } from './config/config.ts'
export { DirectoryLockedError } from './db/lock.ts'
export { ListenError } from './http/listen.ts'
export { type RunningServer, startServer, startWorker } from './server.ts'
