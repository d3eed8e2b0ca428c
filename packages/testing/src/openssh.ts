import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

const program = '/usr/sbin/sshd';

/** Why no OpenSSH server can be started here, for the reason of a skipped test; nothing where one can. */
export function opensshMissing(): string | undefined {
  return existsSync(program) ? undefined : `${program} is not there: install OpenSSH's server to run this test`;
}

export interface OpenSshOptions {
  /** Arguments of `internal-sftp`, such as `-P posix-rename` to deny that request. */
  readonly sftpArguments?: readonly string[];
  /** Address of this machine to listen on; the loopback address unless given. */
  readonly host?: string;
}

/** A real OpenSSH server on this machine, with SFTP only, for one user and key. */
export interface OpenSsh {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** OpenSSH format, without passphrase. */
  readonly privateKey: string;
  /** `SHA256:…` of the current host key; changed by `rotateHostKey`. */
  readonly hostKeyFingerprint: string;
  /** An empty folder for the server's files. It is no jail: SFTP paths are those of this machine. */
  readonly root: string;
  /** Starts the server again on the same port, after `kill`. */
  start(): Promise<void>;
  /** Ends the server and cuts its connections at once, as a power cut would. */
  kill(): Promise<void>;
  /** Gives the server a new host key and restarts it. */
  rotateHostKey(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts an OpenSSH server as the current user, on a free port.
 * @throws {Error} where {@link opensshMissing} gives a reason, or the server does not come up, with what it said
 */
export async function startOpenSsh(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const missing = opensshMissing();
  if (missing !== undefined) throw new Error(missing);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-sshd-'));
  const root = join(folder, 'files');
  mkdirSync(root);
  makeKey(join(folder, 'host'));
  makeKey(join(folder, 'user'));
  const { host = '127.0.0.1' } = options;
  const port = await freePort(host);
  await writeFile(join(folder, 'sshd_config'), serverConfig(folder, { ...options, host, port }));

  let server: ChildProcess | undefined;
  async function start() {
    server ??= await launch(join(folder, 'sshd_config'));
  }
  async function kill() {
    const running = server;
    server = undefined;
    if (running) await killWithSessions(running);
  }
  await start();
  return {
    host,
    port,
    username: userInfo().username,
    privateKey: readFileSync(join(folder, 'user'), 'utf8'),
    get hostKeyFingerprint() {
      return fingerprint(join(folder, 'host.pub'));
    },
    root,
    start,
    kill,
    async rotateHostKey() {
      await kill();
      makeKey(join(folder, 'host'));
      await start();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeKey(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.pub`, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'millrace test', '-f', path]);
}

function fingerprint(publicKeyFile: string): string {
  const blob = Buffer.from(readFileSync(publicKeyFile, 'utf8').split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function serverConfig(folder: string, { host, port, sftpArguments = [] }: OpenSshOptions & { port: number }): string {
  // Without PAM, a server run by an ordinary user takes that user's account for locked (OpenSSH 9.2).
  const usePam = process.getuid?.() === 0 ? 'no' : 'yes';
  return `ListenAddress ${host}
Port ${port}
HostKey ${join(folder, 'host')}
AuthorizedKeysFile ${join(folder, 'user.pub')}
PidFile none
StrictModes no
UsePAM ${usePam}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp ${['internal-sftp', ...sftpArguments].join(' ')}
LogLevel INFO
`;
}

/** Resolves when the server says that it listens. */
function launch(config: string): Promise<ChildProcess> {
  // Where root starts sshd, it insists on its folder for separated privileges.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  endWithThisProcess(server);
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`sshd ended with ${code}: ${said.join('; ')}`)));
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Server listening')) resolve(server);
    });
  });
}

/** A test that fails before it stops its server leaves none behind. */
function endWithThisProcess(server: ChildProcess): void {
  const end = () => server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.removeListener('exit', end));
}

/** Each connection is served by processes of a session of its own, which would outlive the listening server. */
async function killWithSessions(server: ChildProcess): Promise<void> {
  const pid = server.pid;
  if (pid === undefined || server.exitCode !== null) return;
  const exited = once(server, 'exit');
  const sessions = descendantsOf(pid);
  server.kill('SIGKILL');
  for (const session of sessions) endProcess(session);
  await exited;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function descendantsOf(pid: number): number[] {
  const children = processes().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child.pid, ...descendantsOf(child.pid)]);
}

/** Every process with its parent, from Linux's /proc. */
function processes(): { pid: number; parent: number }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ pid: Number(pid), parent: parentOf(pid) }));
}

function parentOf(pid: string): number {
  try {
    // The second field is the command in parentheses and may itself hold blanks.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return 0;
  }
}
