import { Source } from '@storybook/addon-docs/blocks'
import { declared } from './Fields.tsx'
import { Said } from './Said.tsx'

/** A type as it is written. */
export const Type = ({ of }: { of: string }) => (
  <>
    <p>
      <Said>{declared(of).description}</Said>
    </p>
    <Source code={declared(of).text} language="typescript" />
  </>
)
