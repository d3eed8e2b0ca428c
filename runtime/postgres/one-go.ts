import pg from 'pg';
import { serialize } from 'pg-protocol';

/** A statement that is on its way, with where its answer goes. */
export interface Asked {
  readonly text: string;
  /** As they are sent. */
  readonly values: readonly (string | Buffer | null)[];
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export interface Answer {
  /** The command that was done, such as `UPDATE`. */
  readonly command: string;
  /** Rows that it has found or changed. */
  readonly count: number;
  readonly rows: readonly Row[];
}

export type Row = Readonly<Record<string, unknown>>;

/** A statement of which the server keeps a plan for this connection. */
interface Prepared {
  readonly name: string;
  isSent: boolean;
  /** Of its rows; not known before it has been done once. */
  columns?: readonly Column[];
}

interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** What is prepared on a connection, by the statement's text. */
export type PreparedStatements = Map<string, Prepared>;

/** The texts are few and fixed. Should some be made up without end after all, the further ones are not kept by the server. */
const mostPrepared = 500;
const unkept = '';
/** So many names were given so far, on whatever connection: one that has come to nothing is not given again. */
let named = 0;

/**
 * Statements that are sent as one message: they are done in their order, and answered together when the last one is done.
 * Answered one by one, each answer would be a message of its own, which wakes up this process; for small statements that was
 * measured to be a third of the work. Where one fails, those behind it are not done, and fail too. For the driver it is
 * a single query, which is why it has the driver's names for what comes from the server.
 */
export class OneGo extends pg.Query {
  readonly #asked: readonly Asked[];
  readonly #client: pg.ClientBase;
  readonly #prepared: PreparedStatements;
  readonly #statements: readonly Prepared[];
  readonly #answers: Answer[] = [];
  #rows: Row[] = [];
  /** Why a row of the answer could not be read. */
  #unread: unknown;
  /** Tells the driver, which watches how long it takes. */
  declare readonly callback: (error: unknown) => void;

  constructor(asked: readonly Asked[], client: pg.ClientBase, prepared: PreparedStatements) {
    super('', () => undefined);
    this.#asked = asked;
    this.#client = client;
    this.#prepared = prepared;
    this.#statements = asked.map(({ text }) => preparedOf(text, prepared));
  }

  /** Answers an error where something cannot be written as a message; then nothing is sent. */
  override submit = (connection: pg.Connection): Error | null => {
    try {
      connection.stream.write(Buffer.concat(this.#messages()));
      return null;
    } catch (error) {
      return error as Error;
    }
  };

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#current.columns ??= fields.map(({ name, dataTypeID }) => ({
      name,
      read: this.#client.getTypeParser(dataTypeID, 'text'),
    }));
  }

  /** The server goes on sending, whatever cannot be read. */
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      this.#rows.push(rowOf(this.#current.columns ?? [], fields));
    } catch (error) {
      this.#unread ??= error;
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#current.columns ??= [];
    const [command = '', ...counts] = text.split(' ');
    this.#answers.push({ command, count: Number(counts.at(-1) ?? 0), rows: this.#rows });
    this.#rows = [];
  }

  handleReadyForQuery(): void {
    if (this.#unread) this.handleError(this.#unread);
    else this.#answer();
  }

  /** Those before the one that has failed were done; where none has failed by itself, the end has failed, and so all of them. */
  handleError(error: unknown): void {
    this.callback(error);
    const done = this.#answers.length < this.#asked.length ? this.#answers : [];
    for (const [index, { text, resolve, reject }] of this.#asked.entries()) {
      const answer = done[index];
      if (answer) resolve(answer);
      else reject(error);
      // The server may not have kept it.
      if (!this.#statements[index]?.columns) this.#prepared.delete(text);
    }
  }

  #answer(): void {
    this.callback(null);
    for (const [index, { resolve }] of this.#asked.entries()) resolve(this.#answers[index] as Answer);
  }

  /** The statement that is being answered. */
  get #current(): Prepared {
    return this.#statements[this.#answers.length] as Prepared;
  }

  #messages(): Buffer[] {
    const statements = this.#asked.flatMap(({ text, values }, index) =>
      messagesOf(this.#statements[index] as Prepared, text, values),
    );
    return [...statements, serialize.sync()];
  }
}

function preparedOf(text: string, prepared: PreparedStatements): Prepared {
  const known = prepared.get(text);
  if (known) return known;
  const isKept = prepared.size < mostPrepared;
  const statement: Prepared = { name: isKept ? `s${++named}` : unkept, isSent: false };
  if (isKept) prepared.set(text, statement);
  return statement;
}

/** What the rows look like is asked as long as it is not known. */
function messagesOf(statement: Prepared, text: string, values: Asked['values']): Buffer[] {
  const { name, isSent, columns } = statement;
  statement.isSent = name !== unkept;
  return [
    ...(isSent ? [] : [serialize.parse({ name, text })]),
    serialize.bind({ statement: name, values: [...values] }),
    ...(columns ? [] : [serialize.describe({ type: 'P' })]),
    serialize.execute(),
  ];
}

function rowOf(columns: readonly Column[], fields: readonly (string | null)[]): Row {
  const row: Record<string, unknown> = {};
  for (const [index, { name, read }] of columns.entries()) {
    const text = fields[index];
    row[name] = text === null || text === undefined ? null : read(text);
  }
  return row;
}
