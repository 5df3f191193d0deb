export { type ListeningOptions, parseSandboxEnv, type SandboxOptions } from './options.ts'
export { createSandbox, type Sandbox } from './sandbox.ts'
export { type RunningSandbox, startSandbox } from './start.ts'
