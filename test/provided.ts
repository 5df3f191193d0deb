declare module 'vitest' {
  /** What the projects of `vitest.config.ts` tell their tests. */
  interface ProvidedContext {
    /** The version of React that the project means to run, or the start of it. */
    react: string
    /** Where `test/package/setup.ts` put the packed package. */
    packed: {
      /** The archive that npm would publish. */
      archive: string
      /** Folders of apps that have it installed, by the React beside it. */
      apps: { react18: string; react19: string }
    }
  }
}

export {}
