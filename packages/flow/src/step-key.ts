/*
 * Keys of steps and passes. A step's key is unique in a run: its key in its own machine, behind the keys of the passes
 * around it (`lines[17]/send`, `lines[17]/parts[3]/check`). Branches of a fan-out stand in brackets too (`f[a]/send`),
 * but an id never begins with a digit.
 */

/** Unique in a run: the node's id, with the path of passes and fan-out branches around it. */
export type StepKey = string;

/** The key of a loop step with the pass's index: `lines[17]`, `lines[17]/parts[3]`. */
export type PassKey = string;

const inPass = /^(.*\[\d+\])\/(.+)$/s;
const passOf = /^(?:(.*\[\d+\])\/)?(.+)\[(\d+)\]$/s;

/** A step's innermost pass, and its key in that pass's machine. No pass: the step is one of the run's own. */
export function placeOf(step: StepKey): { readonly pass?: PassKey; readonly key: StepKey } {
  const [, pass, key] = step.includes('[') ? (inPass.exec(step) ?? []) : [];
  return pass === undefined || key === undefined ? { key: step } : { pass, key };
}

/** The pass around a pass, the loop step's key in that machine, and the pass's index. */
export function loopOf(pass: PassKey): { readonly around?: PassKey; readonly loop: StepKey; readonly index: number } {
  const [, around, loop = '', index] = passOf.exec(pass) ?? [];
  return { ...(around !== undefined && { around }), loop, index: Number(index) };
}

export function stepKey(pass: PassKey | undefined, key: StepKey): StepKey {
  return pass === undefined ? key : `${pass}/${key}`;
}

/** @param loop the loop step's key in the run */
export function passKey(loop: StepKey, index: number): PassKey {
  return `${loop}[${index}]`;
}

export function isUnder(pass: PassKey, key: StepKey): boolean {
  return key.startsWith(`${pass}/`);
}
