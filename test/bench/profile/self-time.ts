import { fileURLToPath } from 'node:url';
import type { CpuProfile, ProfileNode } from './inspector.ts';

/** Where a process's time went: name and microseconds, most first. */
export type Shares = readonly (readonly [name: string, microseconds: number])[];

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Time in which each function itself was running, without what it called. */
export function byFunction(profile: CpuProfile): Shares {
  return shares(profile, ({ callFrame: { functionName, url, lineNumber } }) =>
    url ? `${functionName || '(anonymous)'} ${shortPath(url)}:${lineNumber + 1}` : functionName,
  );
}

/** The same by folder of ours, npm package, or part of Node. */
export function byPlace(profile: CpuProfile): Shares {
  return shares(profile, ({ callFrame: { functionName, url } }) =>
    url ? placeOf(shortPath(url)) : placeless(functionName),
  );
}

/** Functions without a file are V8's own and Node's C++ parts: what remains is told apart only where it says something. */
function placeless(name: string): string {
  return name.startsWith('(') ? name : 'node (native)';
}

/** `runtime/engine`, `packages/flow`, `node_modules/pg`, `node:internal`. */
function placeOf(path: string): string {
  const npm = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  if (npm) return `npm ${npm[1]}`;
  if (path.startsWith('node:'))
    return path
      .split('/')
      .slice(0, 2)
      .join('/')
      .replace(/:internal\//, ':');
  return path.split('/').slice(0, 2).join('/');
}

function shortPath(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url).replace(root, '') : url;
}

function shares({ nodes, samples, timeDeltas }: CpuProfile, nameOf: (node: ProfileNode) => string): Shares {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return [...times].sort((a, b) => b[1] - a[1]);
}
