/** Whether a dialog lies over the page; then keys are its own, and no other dialog opens over it. */
export function isDialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}
