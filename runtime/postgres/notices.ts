import pg from 'pg';

/** What one process tells the others; whoever misses it finds out by looking a little later. */
export interface Notices<Notice> {
  /** Notices that come together are sent together. Nothing is sent while nobody else is there. */
  tell(notice: Notice): void;
  /** Called with what others have told. */
  onNotice(listener: (notice: Notice) => void): void;
  /** Whether somebody else is there to listen. */
  set others(count: number);
  close(): Promise<void>;
}

const channel = 'millrace';
const gatherMs = 10;
const pauseMs = 1_000;
/** PostgreSQL takes at most 8000 bytes. */
const longest = 7_500;

/**
 * Notices travel by NOTIFY on a connection of their own, outside every data transaction: a NOTIFY in each of those
 * was measured to halve the throughput.
 * @param id of this process, which does not listen to itself
 */
export function openNotices<Notice>(url: string, id: string): Notices<Notice> {
  const listeners: ((notice: Notice) => void)[] = [];
  let others = 0;
  let waiting: string[] = [];
  let client: pg.Client | undefined;
  let closed = false;
  let reconnecting = false;
  let connecting = connect();

  return {
    tell(notice) {
      if (others === 0) return;
      if (waiting.length === 0) setTimeout(() => void send(), gatherMs).unref();
      waiting.push(JSON.stringify(notice));
    },
    onNotice: (listener) => void listeners.push(listener),
    set others(count: number) {
      others = count;
    },
    async close() {
      closed = true;
      await connecting;
      await client?.end();
    },
  };

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: 'millrace notices' });
    next.on('error', () => undefined);
    next.on('end', () => reconnect());
    next.on('notification', ({ payload = '' }) => hear(payload));
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      client = next;
    } catch {
      reconnect();
    }
  }

  function reconnect(): void {
    client = undefined;
    if (closed || reconnecting) return;
    reconnecting = true;
    setTimeout(() => {
      reconnecting = false;
      if (!closed) connecting = connect();
    }, pauseMs).unref();
  }

  async function send(): Promise<void> {
    const notices = waiting;
    waiting = [];
    for (const together of inParcels(notices))
      await client?.query('select pg_notify($1, $2)', [channel, `${id} [${together.join()}]`]).catch(() => undefined);
  }

  function hear(payload: string): void {
    const [, from, notices = '[]'] = /^(\S+) (.*)$/s.exec(payload) ?? [];
    if (from === id) return;
    for (const notice of JSON.parse(notices) as Notice[]) for (const listener of listeners) listener(notice);
  }
}

function inParcels(notices: readonly string[]): string[][] {
  const parcels: string[][] = [];
  let size = longest;
  for (const notice of notices) {
    size += notice.length * 2;
    if (size > longest) {
      parcels.push([]);
      size = notice.length * 2;
    }
    parcels.at(-1)?.push(notice);
  }
  return parcels;
}
