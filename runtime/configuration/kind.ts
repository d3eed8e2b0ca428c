import type { Json, JsonObject, Problem } from '@millrace/contract';
import type { TSchema } from 'typebox';
import type { Action } from '../auth/actions.ts';
import type { FlowServices } from '../flows/services.ts';
import type { Tx } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { PartPlace } from './configuration.ts';
import type { FileForm } from './folder/file-form.ts';

/** One sort of part that a configuration consists of: how it is read, compared, checked and applied, and lies in a folder. */
export interface Kind {
  /** With it the names of its parts begin. */
  readonly id: string;
  /** Of what there is one in each environment the names have that behind the kind. */
  readonly hasEnvironment: boolean;
  /** What whoever pushes such a part must be allowed to do. */
  readonly action: Action;
  /** What a part may be called. */
  readonly named: RegExp;
  /** Of a part's value. */
  readonly shape: TSchema;
  readonly files: FileForm;
  /** All parts that the tenant has. */
  read(tx: Tx, tenant: Tenant, services: FlowServices): Promise<readonly PresentPart[]>;
  /** What counts of a value, in one form. */
  canonical(value: Json): Json;
  /** What of a value tells whether somebody has changed it; left out, all. */
  watched?(value: Json): Json;
  /** What is to be there, where that is not what the pushed configuration says. */
  wanted?(place: PartPlace, value: Json | undefined, situation: Situation): Json | undefined;
  /** Sentences of what becomes of a part that is there. */
  tell(before: Json, after: Json): readonly string[];
  /**
   * Makes the part what it is to be. To be called in the transaction of the whole push.
   * @returns what is worth knowing and not in the way
   * @throws {MillraceError} with every problem; pointers are into the value
   */
  apply(application: Application): Promise<readonly Problem[]>;
  /** Left out where a push takes nothing away. @throws {MillraceError} where something needs it still */
  remove?(application: Omit<Application, 'after'>): Promise<void>;
}

/** A part as the tenant has it. */
export interface PresentPart extends Omit<PartPlace, 'kind'> {
  readonly value: Json;
  /** What the audit calls it. */
  readonly target: string;
}

/** What a part is pushed with. */
export interface Situation {
  /** Of the part, if the tenant has it. */
  readonly present: Json | undefined;
  /** All that is pushed. */
  readonly parts: JsonObject;
  /** Environment into which flows are to be deployed. */
  readonly deploy: string | undefined;
}

export interface Application {
  readonly services: FlowServices;
  readonly tenant: Tenant;
  readonly place: PartPlace;
  readonly before: Json | undefined;
  readonly after: Json;
  /** Who pushes, for people. */
  readonly by: string;
  /** @throws {MillraceError} `ACTION_NOT_ALLOWED` */
  require(action: Action): void;
}
