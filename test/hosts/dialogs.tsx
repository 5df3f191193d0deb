import CssBaseline from '@mui/material/CssBaseline'
import MuiDialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import * as Radix from '@radix-ui/react-dialog'
import { type ComponentType, type ReactNode, useState } from 'react'

/** A dialog of the page's own with the component in it, and the page behind. */
export interface HostDialog {
  open: boolean
  setOpen: (open: boolean) => void
  children: ReactNode
}

function InMui({ open, setOpen, children }: HostDialog) {
  return (
    <>
      <CssBaseline />
      <MuiDialog open={open} onClose={() => setOpen(false)} aria-labelledby="host-dialog">
        <DialogTitle id="host-dialog">Settings</DialogTitle>
        <DialogContent>{children}</DialogContent>
      </MuiDialog>
    </>
  )
}

function InRadix({ open, setOpen, children }: HostDialog) {
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Portal>
        <Radix.Overlay style={{ position: 'fixed', inset: 0, background: 'rgb(0 0 0 / 0.4)' }} />
        <Radix.Content
          aria-describedby={undefined}
          style={{ position: 'fixed', inset: '20% 30%', padding: 24, background: '#fff', color: '#111' }}
        >
          <Radix.Title>Settings</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Dialogs that keep the focus, switch the pointer off around them, and hide all else from screen readers. */
export const hostDialogs = { MUI: InMui, Radix: InRadix } satisfies Record<string, ComponentType<HostDialog>>

/** A page whose button opens such a dialog. */
export function PageWithDialog({ of: Dialog, children }: { of: ComponentType<HostDialog>; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <main style={{ minHeight: '200vh' }}>
        <h1>Acme Notes</h1>
        <button type="button" onClick={() => setOpen(true)}>
          Open settings
        </button>
      </main>
      <Dialog open={open} setOpen={setOpen}>
        <p>What the assistant reads.</p>
        {children}
      </Dialog>
    </>
  )
}
