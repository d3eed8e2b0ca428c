interface Counts {
  readonly received: number;
  readonly created: number;
  readonly changed: number;
  readonly missing: number;
}

/** How much of what came was not as it was known, in percent; nothing where nothing came and nothing was missing. */
export function driftOf({ received, created, changed, missing }: Counts): number | undefined {
  const about = received + missing;
  return about === 0 ? undefined : ((created + changed + missing) / about) * 100;
}
