declare module 'vitest' {
  /** What the projects of `vitest.config.ts` tell their tests. */
  interface ProvidedContext {
    /** The version of React that the project means to run, or the start of it. */
    react: string
  }
}

export {}
