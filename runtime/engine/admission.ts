import type { Room } from '../postgres/runs/claim-ready.ts';

/**
 * How many runs this process drives at once, and whose. What finds no place stays in the database, from where runs are
 * taken tenant by tenant in turn.
 */
export interface Admission {
  /** Reserves a place for a run that has just come; false where there is none, or older ones of the tenant wait already. */
  admitNew(tenant: string): boolean;
  /** Reserves a place for a run that is ready: what has begun goes before what has not. */
  admit(tenant: string): boolean;
  /** Takes a place for a run that this process holds already, be there one or not. */
  occupy(tenant: string): void;
  release(tenant: string): void;
  /** Nothing of these tenants waits any more. */
  caughtUp(except: ReadonlySet<string>): void;
  /** Places that are free now. */
  readonly free: number;
  /** The same, tenant by tenant. */
  room(): Room;
  /** Somebody was refused a place since. */
  readonly isBehind: boolean;
}

/** Of all places, one tenant gets at most this part, so that others always find some. */
const share = 0.75;

export function createAdmission(places: number): Admission {
  const inUse = new Map<string, number>();
  const behind = new Set<string>();
  const mostOfOne = Math.max(1, Math.floor(places * share));
  let free = places;

  function admit(tenant: string): boolean {
    if (free <= 0 || (inUse.get(tenant) ?? 0) >= mostOfOne) {
      behind.add(tenant);
      return false;
    }
    occupy(tenant);
    return true;
  }

  function occupy(tenant: string): void {
    free--;
    inUse.set(tenant, (inUse.get(tenant) ?? 0) + 1);
  }

  return {
    admit,
    occupy,
    admitNew: (tenant) => !behind.has(tenant) && admit(tenant),
    release(tenant) {
      free++;
      const own = (inUse.get(tenant) ?? 1) - 1;
      if (own > 0) inUse.set(tenant, own);
      else inUse.delete(tenant);
    },
    caughtUp(except) {
      for (const tenant of behind) if (!except.has(tenant)) behind.delete(tenant);
    },
    room: () => ({
      places: Math.max(0, free),
      ofOne: mostOfOne,
      inHand: [...inUse].map(([tenant, runs]) => ({ tenant, runs })),
    }),
    get free() {
      return Math.max(0, free);
    },
    get isBehind() {
      return behind.size > 0;
    },
  };
}
