import type { StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import type { Database } from '../postgres/database.ts';
import { loadRecords, loadRecordTypes, type RecordPlace } from '../postgres/records/records.ts';
import { together } from '../postgres/together.ts';

/** Records and their types, as the database has them. What is asked for in one go costs one round trip together. */
export interface RecordReads {
  record(type: string, id: string): Promise<StoredRecord | undefined>;
  type(id: string): Promise<RecordType | undefined>;
}

interface Found {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly types: ReadonlyMap<string, RecordType>;
}

export function recordReads(at: RecordPlace, database: Database): RecordReads {
  let asked = nothingAsked();
  let answer: Promise<Found> | undefined;

  const answered = (): Promise<Found> => {
    answer ??= thisGo().then(() => {
      const all = asked;
      asked = nothingAsked();
      answer = undefined;
      return read(all);
    });
    return answer;
  };

  const read = async ({ records, types }: ReturnType<typeof nothingAsked>): Promise<Found> => {
    const [foundRecords, foundTypes] = await database.byIndex.atOnce.asTenants([at.tenant], (tx) =>
      together([loadRecords(tx, at, [...records.values()]), loadRecordTypes(tx, at.environment, [...types])]),
    );
    return {
      records: new Map(foundRecords.map((record) => [keyOf(record.type, record.id), record])),
      types: new Map(foundTypes.map((type) => [type.id, type])),
    };
  };

  return {
    async record(type, id) {
      asked.records.set(keyOf(type, id), { type, id });
      return (await answered()).records.get(keyOf(type, id));
    },
    async type(id) {
      asked.types.add(id);
      return (await answered()).types.get(id);
    },
  };
}

function nothingAsked() {
  return { records: new Map<string, Pick<StoredRecord, 'type' | 'id'>>(), types: new Set<string>() };
}

/** Over when all that can be asked for without an answer has been. */
function thisGo(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function keyOf(type: string, id: string): string {
  return `${type}\n${id}`;
}
