import type { Static, TSchema } from 'typebox';
import { type ErrorCategory, MillraceError } from './error.ts';
import type { Json } from './json.ts';

/** A connection as a node or watcher gets it: secrets decrypted, config checked against the type's schema. */
export interface Connection<Config = unknown> {
  readonly id: string;
  readonly name: string;
  readonly config: Config;
  readonly network: Network;
}

/** The network, as far as this instance lets it be called. Whoever connects by other means than `fetch` asks here first. */
export interface Network {
  /** `fetch`, refusing addresses that the instance does not call. */
  readonly fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** @throws {MillraceError} `ADDRESS_REFUSED` for an address (not a name) that the instance does not call */
  allow(address: string): void;
  /** Address of a host that may be called. @throws {MillraceError} `ADDRESS_REFUSED`, `HOST_UNKNOWN` */
  resolve(host: string): Promise<string>;
}

/** What a watcher found: something addressed to a waiting run, or something that should have been. */
export interface FoundSignal {
  /** Correlation key; absent where the finding could not be read as addressed to anyone. */
  readonly key?: string;
  /** Where it was found, for people: a file's name, a message id. */
  readonly source: string;
  /** SHA-256 (hex) of what was found; the same finding twice is told apart from a new one by it. */
  readonly fingerprint: string;
  readonly payload: Json;
  /** Why it is no proper signal; it is kept and shown, and matched with nothing. */
  readonly malformed?: string;
}

/**
 * Looks for signals on a connection. One process holds the watch of a connection at a time. `found` resolves when the
 * finding is durably stored; only then may the source be moved away.
 */
export interface Watch<Config> {
  /** Milliseconds between two polls. */
  readonly intervalMs: number;
  poll(
    connection: Connection<Config>,
    found: (signal: FoundSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** How a connection logs in by OAuth 2: what the instance needs to get tokens, and to keep them fresh. */
export interface OAuth2Login {
  /** Whether a person authorises the connection in a browser (with PKCE), or the client logs in by itself. */
  readonly grant: 'authorization-code' | 'client-credentials';
  /** Where a person is sent; of an authorization code. */
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** A public client has none. */
  readonly clientSecret?: string | undefined;
  /** Separated by spaces. */
  readonly scope?: string | undefined;
  /** How the client proves itself: by a header (RFC 6749, 2.3.1), or in the body. */
  readonly clientAuthentication: 'basic' | 'body';
  /** Further parameters of both requests, as some systems want them. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What the instance adds to the config of a connection that logs in by OAuth 2. */
export interface Granted {
  /** Valid now. */
  readonly accessToken?: string;
}

export interface ProbeResult {
  readonly ok: boolean;
  /** One human sentence: what was reached, or why not and what to do. */
  readonly message: string;
  /** What kind of trouble it is, where it is not ok; left out, it may pass by itself. */
  readonly category?: ErrorCategory;
}

/** How a probe went that broke off with an error that explains itself. Whatever else was thrown is thrown again. */
export function brokenOff(thrown: unknown): ProbeResult {
  if (!(thrown instanceof MillraceError)) throw thrown;
  const { message, category } = thrown;
  return { ok: false, message, category };
}

/** A stand-in for the other system: serves the examples, the demo, the flow tests and the sandbox environment. */
export interface Sandbox {
  /** Config with which a connection reaches this sandbox. */
  readonly config: Json;
  /** Does one act of a flow test's script; which acts exist is documented by the pack. */
  act(act: Json): Promise<void>;
  /** What the other system has received, for a flow test's `expect.sandbox`. */
  state(): Promise<Json>;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** An empty folder of the sandbox's own. */
  readonly folder: string;
  /** Current (perhaps simulated) time. */
  now(): Date;
  /** An empty PostgreSQL database, for a sandbox that plays one. */
  database(): Promise<ScratchDatabase>;
  /** One of the type's `sandboxKinds`; the first of them where it is left out. */
  readonly kind?: string;
}

/** A database of one's own, to be dropped when it is used no more. */
export interface ScratchDatabase {
  /** `postgres://user:password@host:port/name`, for a login that owns it. */
  readonly url: string;
  drop(): Promise<void>;
}

/** The kind of thing a flow's connection slot is bound to, described in one place like a node. */
export interface ConnectionSpec<C extends TSchema = TSchema> {
  /** `<pack>/<name>`. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Fields with title, help and examples; secrets marked by `Secret`. */
  readonly config: C;
  /** Config for one line of text, as given on the command line (`--connection dropzone=/some/folder`). */
  fromText(text: string): Static<C>;
  /** Config where a flow's slot is left unbound; without it an unbound slot is refused. `home` is the instance's folder. */
  defaultConfig?(instance: { home: string; tenant: string }): Static<C>;
  /** How this config logs in by OAuth 2; nothing where it logs in otherwise. */
  oauth2?(config: Static<C>): OAuth2Login | undefined;
  /** The call behind “Test connection”. */
  probe(config: Static<C> & Granted, signal: AbortSignal, network: Network): Promise<ProbeResult>;
  readonly watch?: Watch<Static<C>>;
  sandbox?(options: SandboxOptions): Promise<Sandbox>;
  /** What its sandbox may play, where there are several systems of this type; a flow test chooses one. */
  readonly sandboxKinds?: readonly string[];
}

/** Declares a connection type; the identity function with the config's type inferred. */
export function defineConnection<C extends TSchema>(spec: ConnectionSpec<C>): ConnectionSpec<C> {
  return spec;
}
