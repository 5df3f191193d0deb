declare module 'virtual:declarations' {
  const declarations: import('./declarations.ts').Declarations
  export default declarations
}
