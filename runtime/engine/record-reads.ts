import type { StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import type { Database } from '../postgres/database.ts';
import { loadRecords, loadRecordTypes, type RecordPlace } from '../postgres/records/records.ts';
import { together } from '../postgres/together.ts';
import { createGroup, type Group } from './group.ts';

/**
 * Records and their types, as the database has them. What a run asks for in one go costs one round trip, and what runs ask
 * for while another read is under way is read together: with many runs, few transactions.
 */
export interface RecordReads {
  /** @param flow runs of the same one ask for the same types: these are read ahead, with a run's first record */
  of(place: RecordPlace, flow?: object): RunReads;
}

export interface RunReads {
  record(type: string, id: string): Promise<StoredRecord | undefined>;
  type(id: string): Promise<RecordType | undefined>;
  /** Types are as they were when they were first asked for, until they are to be read anew. */
  forgetTypes(): void;
}

type Address = Pick<StoredRecord, 'type' | 'id'>;

interface Question {
  readonly place: RecordPlace;
  readonly records: readonly Address[];
  readonly types: readonly string[];
}

/** By place and address. */
interface Found {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly types: ReadonlyMap<string, RecordType>;
}

/** Runs whose questions are answered at once at most. */
const most = 100;

export function openRecordReads(database: Database): RecordReads {
  const reads = createGroup<Question, Found>(readAll, { most });
  const typesAsked = new WeakMap<object, Set<string>>();

  return {
    of(place, flow = {}) {
      const known = typesAsked.get(flow) ?? new Set();
      typesAsked.set(flow, known);
      return readsOf(place, reads, known);
    },
  };

  async function readAll(questions: readonly Question[]): Promise<Found[]> {
    const tenants = [...new Set(questions.map(({ place }) => place.tenant))];
    const records = questions.flatMap(({ place, records }) =>
      records.map((address) => ({ ...placed(place), ...address })),
    );
    const types = questions.flatMap(({ place, types }) => types.map((id) => ({ ...placed(place), id })));
    const [foundRecords, foundTypes] = await database.byIndex.atOnce.asTenants(tenants, (tx) =>
      together([loadRecords(tx, distinct(records)), loadRecordTypes(tx, distinct(types))]),
    );
    const found = {
      records: new Map(foundRecords.map(({ place, record }) => [keyOf(place, record.type, record.id), record])),
      types: new Map(foundTypes.map(({ place, type }) => [keyOf(place, type.id), type])),
    };
    return questions.map(() => found);
  }
}

/** @param typesAsked by runs of the same flow */
function readsOf(place: RecordPlace, reads: Group<Question, Found>, typesAsked: Set<string>): RunReads {
  let asked = nothingAsked();
  let answer: Promise<Found> | undefined;
  let types = new Map<string, Promise<RecordType | undefined>>();

  const answered = (): Promise<Found> => {
    answer ??= thisGo().then(() => {
      const { records, types } = asked;
      asked = nothingAsked();
      answer = undefined;
      return reads.add({ place, records: [...records.values()], types: [...types] });
    });
    return answer;
  };

  const askType = (id: string): Promise<RecordType | undefined> => {
    asked.types.add(id);
    const type = answered().then((found) => found.types.get(keyOf(place, id)));
    // Whoever wants it hears of the failure; one that is read ahead may be wanted by nobody.
    type.catch(() => types.delete(id));
    types.set(id, type);
    return type;
  };

  return {
    async record(type, id) {
      asked.records.set(keyOf(place, type, id), { type, id });
      for (const each of typesAsked) if (!types.has(each)) void askType(each);
      return (await answered()).records.get(keyOf(place, type, id));
    },
    type(id) {
      typesAsked.add(id);
      return types.get(id) ?? askType(id);
    },
    forgetTypes() {
      types = new Map();
    },
  };
}

function nothingAsked() {
  return { records: new Map<string, Address>(), types: new Set<string>() };
}

function placed({ tenant, environment }: RecordPlace): RecordPlace {
  return { tenant, environment };
}

/** Over when all that can be asked for without an answer has been. */
function thisGo(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function keyOf({ tenant, environment }: RecordPlace, ...address: readonly string[]): string {
  return [tenant, environment, ...address].join('\n');
}

function distinct<T extends object>(asked: readonly T[]): T[] {
  return [...new Map(asked.map((one) => [Object.values(one).join('\n'), one])).values()];
}
