import { createHash } from 'node:crypto';
import type { CatalogueDescription, Json } from '@millrace/contract';
import { type Choice, type Conflict, canonicalJson, type FlowBundle, merge, pointer, resolve } from '@millrace/flow';
import { named } from './own-name.ts';
import { keepingParameters, parameterSchema } from './own-parameters.ts';

/** What is to stand at the place of a conflict. */
export interface Decision extends Pick<Conflict, 'kind' | 'pointer'> {
  readonly take: 'mine' | 'theirs' | 'value';
  /** With `value`; nothing is to stand there where it is left out. */
  readonly value?: Json;
}

/** A decision that is kept until all have been made: it holds as long as what it decides between is the same. */
export interface KeptDecision extends Decision {
  /** SHA-256 of that. */
  readonly between: string;
}

/** A template's bundle at the version that was cloned, the clone's draft, and the template's bundle at another version. */
export interface Sides {
  readonly base: FlowBundle;
  readonly mine: FlowBundle;
  readonly theirs: FlowBundle;
  /** Names of parameters that deployments of the clone set, beyond the draft. */
  readonly parametersInUse: readonly string[];
}

export type DecidedConflict = Conflict & { readonly decision?: Decision };

export interface MergedUpgrade {
  /** With what is decided; where nothing is yet, with what is mine. */
  readonly bundle: FlowBundle;
  readonly conflicts: readonly DecidedConflict[];
  /** All of these still hold. */
  readonly decisions: readonly KeptDecision[];
  /** Every conflict is decided. */
  readonly isWhole: boolean;
}

/**
 * A clone with what has changed in its template: its own changes stay, and where both have changed the same, somebody has to
 * decide. Its id, its name and the parameters that it sets are its own affair.
 * @param kept decisions from before; those about what has changed since are dropped
 * @throws {MillraceError} `CONFLICT_UNKNOWN` for a decision about none, and what `resolve` throws
 */
export function mergeUpgrade(
  { base, mine, theirs, parametersInUse }: Sides,
  types: CatalogueDescription,
  kept: readonly KeptDecision[],
  decisions: readonly Decision[] = [],
): MergedUpgrade {
  const from = named(base, mine.flow, types);
  const to = keepingParameters(from, mine, named(theirs, mine.flow, types));
  const contested = parametersInUse
    .filter((name) => !parameterSchema(to, name))
    .map((name) => pointer('flow', 'parameters', 'properties', name));
  const merged = merge(from, mine, to, contested);
  const holding = kept.filter((each) => stillHolds(each, merged.conflicts) && !decisions.some(isAbout(each)));
  const all = [...holding, ...decisions];
  const { bundle } = all.reduce((each, decision) => resolve(each, decision, choiceOf(decision)), merged);
  const conflicts = merged.conflicts.map((conflict) => withDecision(conflict, all.find(isAbout(conflict))));
  return {
    bundle,
    conflicts,
    decisions: conflicts.flatMap(({ decision, ...conflict }) =>
      decision ? [{ ...decision, between: sidesOf(conflict) }] : [],
    ),
    isWhole: conflicts.every(({ decision }) => decision),
  };
}

function withDecision(conflict: Conflict, decision: Decision | undefined): DecidedConflict {
  if (!decision) return conflict;
  const { kind, pointer, take, value } = decision;
  return { ...conflict, decision: { kind, pointer, take, ...(value !== undefined && { value }) } };
}

function isAbout({ kind, pointer }: Pick<Conflict, 'kind' | 'pointer'>) {
  return (other: Pick<Conflict, 'kind' | 'pointer'>): boolean => other.kind === kind && other.pointer === pointer;
}

function stillHolds(decision: KeptDecision, conflicts: readonly Conflict[]): boolean {
  const conflict = conflicts.find(isAbout(decision));
  return conflict !== undefined && sidesOf(conflict) === decision.between;
}

function sidesOf({ base, mine, theirs }: Conflict): string {
  const sides = [base, mine, theirs].map((side) => (side === undefined ? [] : [side]));
  return createHash('sha256').update(canonicalJson(sides)).digest('hex');
}

function choiceOf({ take, value }: Decision): Choice {
  return take === 'value' ? { value } : take;
}
