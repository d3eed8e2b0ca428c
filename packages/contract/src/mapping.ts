import type { Json } from './json.ts';
import type { VersionStatus } from './system-version.ts';

/** A mapping in layers as it is for one version of the other system's data. */
export type ChosenMapping = {
  readonly version: string;
  readonly status: VersionStatus;
  /** One sentence for people, where it is not just what was asked for, or will not be for long. */
  readonly warning?: string;
  /** JSONata of all its layers. */
  readonly text: string;
  /** JSON Schema of what it makes. */
  readonly target?: Json;
};
