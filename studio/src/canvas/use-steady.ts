import { useStoreApi } from '@xyflow/react';

/** Says on the canvas itself that it is being moved: to draw it for that anew would hold the movement up. */
export function useSteady() {
  const store = useStoreApi();
  const mark = (isMoving: boolean) => store.getState().domNode?.toggleAttribute('data-moving', isMoving);
  return { begin: () => mark(true), end: () => mark(false) };
}
