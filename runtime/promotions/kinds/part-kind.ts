import type { Json } from '@millrace/contract';
import type { FlowServices } from '../../flows/services.ts';
import type { Tx } from '../../postgres/database.ts';
import type { Reason } from '../../postgres/flows/deployment-history.ts';
import type { Tenant } from '../../postgres/tenants/tenants.ts';
import type { PartChange, PartKindName, PartState } from '../part.ts';
import type { SandboxFlow } from '../sandbox-flows.ts';

/** Where parts of a kind stand. */
export interface PartPlace {
  readonly tenant: Tenant;
  readonly environment: string;
}

/** States that are put in place, and why. */
export interface Placing {
  readonly place: PartPlace;
  readonly states: readonly PartState[];
  readonly action: 'promote' | 'rollback';
  readonly reason: Reason;
}

/** What a promotion knows of one kind of things that flows stand on. */
export interface PartKind {
  readonly kind: PartKindName;
  /** How people call it: “the code table”. */
  readonly title: string;
  /** Names of those that the flows need. */
  find(flows: readonly SandboxFlow[], services: FlowServices): readonly string[];
  /** How one stands; null where it is not there. */
  read(tx: Tx, place: PartPlace, name: string): Promise<Json>;
  /** Until the transaction ends, those that are there stay as they are in all environments. */
  lock(tx: Tx, tenant: Tenant, names: readonly string[]): Promise<void>;
  /** What makes one state another. */
  compare(tx: Tx, name: string, before: Json, after: Json): Promise<readonly PartChange[]>;
  /** Checks what it can, and answers what puts the states in place, null taking a part away. */
  prepare(services: FlowServices, placing: Placing): Promise<(tx: Tx) => Promise<void>>;
}
