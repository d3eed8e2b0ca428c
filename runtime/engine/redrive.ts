import type { ActiveStep, MachineState, RunState } from '@millrace/flow';

/**
 * A failed run as it stood before it failed, ready to go on: every step that was active is performed anew, with all its
 * attempts before it. One that waited waits again; what had come for it in the meantime is offered to it.
 */
export function redriven({ passes, ...root }: RunState): RunState {
  if (!passes) return machineAnew(root);
  const machines = Object.entries(passes).map(([key, machine]) => [key, machineAnew(machine)] as const);
  return { ...machineAnew(root), passes: Object.fromEntries(machines) };
}

function machineAnew(state: MachineState): MachineState {
  const active = Object.entries(state.context.active).map(([key, step]) => [key, anew(step)] as const);
  return { ...state, context: { ...state.context, active: Object.fromEntries(active) } };
}

/** A loop goes on with the passes that it has. */
function anew({ from, errorOf, activatedAt, passes }: ActiveStep): ActiveStep {
  return { from, activatedAt, failures: 0, ...(errorOf !== undefined && { errorOf }), ...(passes && { passes }) };
}
