import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createDatabase } from '@millrace/testing';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { loadConfig } from '../../runtime/config/load.ts';
import { startMillrace } from '../../runtime/main.ts';
import { migrate } from '../../runtime/postgres/migrate.ts';
import { buildStudio } from './build-studio.ts';
import { type Served, serveApart } from './served-apart.ts';

const programs = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => `/usr/bin/${name}`,
);
const program = programs.find((path) => existsSync(path));
const switches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const silence = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Longest that a person would wait for anything here, on a slow machine. */
const patienceMs = 30_000;

/** Ends the name of a group of tests that is skipped where there is no browser. */
export const skippedWithout = program === undefined ? ` (skipped: ${programs[0]} is not there)` : '';
export const hasBrowser = program !== undefined;

/** A browser without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program ?? '', args: [...switches, ...silence] });
}

/** A demo instance with its studio in a browser. */
export interface Studio {
  readonly url: string;
  /** The instance's own folder. */
  readonly home: string;
  /** A new person at a new screen, at the studio's first page. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  /** Everybody goes: whose page is open reads anew whatever happens. */
  leave(): Promise<void>;
  /** Another system sends an order to the demo's webhook. */
  sendOrder(order: unknown): Promise<Response>;
  /** A call of the API as the demo tenant. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The instance's database. */
  readonly databaseUrl: string;
  /** The instance dies at once, as by a power cut; only of one that is a process of its own. */
  kill(): Promise<void>;
  /** It is started once more, at the same address. */
  startAgain(): Promise<void>;
  /** What went wrong in the pages without anyone seeing it. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a demo instance on a database of its own, and resolves when its sample order is acknowledged.
 * @param apart whether it is a process of its own, which can be killed
 */
export async function startStudio({ apart = false } = {}): Promise<Studio> {
  await buildStudio();
  const scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  const home = await mkdtemp(join(tmpdir(), 'millrace-browser-'));
  const settings = { DATABASE_URL: scratch.url, MILLRACE_HOME: home, PORT: '0', MILLRACE_LOG_LEVEL: 'error' };
  const told = listen();
  let millrace: Served = apart
    ? await serveApart({ ...settings, MILLRACE_DEMO: 'true' }, home, told.out)
    : { kill: onlyApart, ...(await startMillrace(loadConfig(settings, home), { demo: true, out: told.out })) };
  const browser = await openBrowser();
  const faults: string[] = [];
  const key = (await told.until(/API key .*: (\S+)/))[1] ?? '';
  await told.until(/Next order/);
  const { url = '' } = millrace;
  return {
    url,
    home,
    databaseUrl: scratch.url,
    faults,
    kill: () => millrace.kill(),
    async startAgain() {
      millrace = await serveApart({ ...settings, MILLRACE_DEMO: 'true', PORT: new URL(url).port }, home, told.out);
    },
    async visit(options = {}) {
      // What moves by itself is drawn without end, which takes the processor from everything else.
      const still = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' } as const;
      const context = await browser.newContext({ ...still, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(url);
      return page;
    },
    async leave() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    sendOrder: (order) => post(`${url}/hooks/demo/orders/approved`, {}, order),
    async call(method, path, body) {
      const response = await post(`${url}/api/v1${path}`, { 'x-api-key': key }, body, method);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async stop() {
      await browser.close();
      await millrace.stop();
      await rm(home, { recursive: true, force: true });
      await scratch.drop();
    },
  };
}

function onlyApart(): Promise<void> {
  throw new Error('Only an instance that is a process of its own can be killed.');
}

function post(url: string, headers: Record<string, string>, body: unknown, method = 'POST'): Promise<Response> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(url, { method, headers: { ...headers, 'content-type': 'application/json' }, ...sent });
}

/** A terminal, and a way to wait for what is printed on it. */
function listen() {
  let text = '';
  const watchers = new Set<() => void>();
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      for (const watch of watchers) watch();
      done();
    },
  });
  const until = (words: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const watch = () => {
        const found = words.exec(text);
        if (!found) return;
        watchers.delete(watch);
        resolve(found);
      };
      watchers.add(watch);
      watch();
    });
  return { out, until };
}
