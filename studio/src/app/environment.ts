import { useSyncExternalStore } from 'react';
import { type Environment, environments } from '../api/types.ts';

const slot = 'millrace-environment';
const listeners = new Set<() => void>();
let chosen: Environment = environments.find((known) => known === localStorage.getItem(slot)) ?? 'production';

/** The environment that whoever is at work looks at; this browser remembers it. */
export function useEnvironment(): Environment {
  return useSyncExternalStore(subscribe, () => chosen);
}

export function chooseEnvironment(environment: Environment): void {
  chosen = environment;
  localStorage.setItem(slot, environment);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
