import { lazy, Suspense, useEffect, useState } from 'react';
import { isDialogOpen } from '../app/is-dialog-open.ts';
import { GeneralCommands } from './general-commands.tsx';

const CommandBar = lazy(() => import('./command-bar.tsx').then((module) => ({ default: module.CommandBar })));
const asked = 'millrace:commands';

/** Opens the command bar from anywhere. */
export function openCommands(): void {
  window.dispatchEvent(new Event(asked));
}

/** Opens the command bar by Ctrl+K, also while a text is being typed; it is loaded when it is first wanted. */
export function CommandKey() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const show = () => setOpen(true);
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      if (!isDialogOpen()) show();
    };
    window.addEventListener('keydown', press);
    window.addEventListener(asked, show);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener(asked, show);
    };
  }, []);
  return (
    <>
      <GeneralCommands />
      {open && (
        <Suspense>
          <CommandBar close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
