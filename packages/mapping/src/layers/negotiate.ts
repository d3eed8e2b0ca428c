import { MillraceError, type SystemVersion, type VersionStatus, versionPattern } from '@millrace/contract';

export interface Negotiated<V> {
  readonly version: V;
  /** One sentence for people, where it is not just what was asked for. */
  readonly warning?: string;
}

/**
 * The version to serve with. Without a wish it is the latest active one. A wish that is not in use gives the nearest one that
 * is not above it and has the same first number, with a warning.
 * @param today day of the calendar, such as 2026-03-31
 * @throws {MillraceError} `MAPPING_VERSION_UNSUPPORTED` (validation), with `details.supported`
 */
export function negotiate<V extends SystemVersion>(
  versions: readonly V[],
  asked: string | undefined,
  today: string,
): Negotiated<V> {
  const inUse = versions.filter((each) => statusOn(today, each) !== 'RETIRED').sort(newestFirst);
  const chosen = asked === undefined ? inUse.find(({ status }) => status === 'ACTIVE') : nearest(inUse, asked);
  if (!chosen) throw unsupported(asked, inUse);
  const warnings = [replaced(chosen, asked), deprecated(chosen)].filter((text) => text !== undefined);
  return { version: chosen, ...(warnings.length > 0 && { warning: warnings.join(' ') }) };
}

/** What a version counts as on a day. */
export function statusOn(today: string, { status, sunset }: SystemVersion): VersionStatus {
  return status === 'DEPRECATED' && sunset !== undefined && sunset <= today ? 'RETIRED' : status;
}

/** For sorting. */
export function newestFirst(a: SystemVersion, b: SystemVersion): number {
  return compareVersions(b.version, a.version);
}

/** Below 0 where the first is the older; `2.3` and `2.3.0` are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const differing = [0, 1, 2].find((at) => (left[at] ?? 0) !== (right[at] ?? 0));
  return differing === undefined ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}

function nearest<V extends SystemVersion>(newestToOldest: readonly V[], asked: string): V | undefined {
  if (!new RegExp(versionPattern).test(asked)) return undefined;
  const [major] = numbersOf(asked);
  return newestToOldest.find(({ version }) => numbersOf(version)[0] === major && compareVersions(version, asked) <= 0);
}

function replaced({ version }: SystemVersion, asked: string | undefined): string | undefined {
  if (asked === undefined || compareVersions(version, asked) === 0) return undefined;
  return `Version ${asked} is not supported; ${version} serves instead.`;
}

function deprecated({ version, status, sunset }: SystemVersion): string | undefined {
  if (status !== 'DEPRECATED') return undefined;
  return `Version ${version} is deprecated${sunset === undefined ? '' : ` and ends on ${sunset}`}.`;
}

function unsupported(asked: string | undefined, inUse: readonly SystemVersion[]): MillraceError {
  const supported = inUse.map(({ version }) => version);
  const known = supported.length > 0 ? `these are: ${supported.join(', ')}` : 'none is';
  const message =
    asked === undefined ? 'No version is active.' : `Version ${asked.slice(0, 100)} is not supported; ${known}.`;
  return new MillraceError('MAPPING_VERSION_UNSUPPORTED', message, {
    category: 'validation',
    details: { ...(asked !== undefined && { asked: asked.slice(0, 100) }), supported },
  });
}
