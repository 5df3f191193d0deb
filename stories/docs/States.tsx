import { declared, FieldTable } from './Fields.tsx'
import { Said } from './Said.tsx'

/** What a state of the hook has to show. */
const viewOf = (name: string) =>
  declared('View').variants.find(({ fields }) => fields.some((field) => field.type === `'${name}'`))

/** Every state of the hook: when it is, what there is to show, and what can be done. */
export const States = () =>
  declared('ConnectActions').fields.map(({ name, fields }) => {
    const view = viewOf(name)
    const shown = view?.fields.filter((field) => field.name !== 'name') ?? []
    return (
      <section key={name}>
        <h3>
          <code>{name}</code>
        </h3>
        <p>
          <Said>{view?.description ?? ''}</Said>
        </p>
        {shown.length > 0 && <FieldTable title="Shows" fields={shown} />}
        {fields.length > 0 && <FieldTable title="Actions" fields={fields} />}
      </section>
    )
  })
