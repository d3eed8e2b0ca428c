import { existsSync } from 'node:fs';
import { capture } from './child.mjs';
import { say } from './place.mjs';
import { findProgram } from './programs.mjs';

const programs = [
  {
    // The first is the same without windows, which nobody would look at: with it the tests take three quarters of the time.
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium-headless-shell',
    tests: 'in a real browser',
  },
  { names: ['sshd'], debian: 'openssh-server', tests: 'against a real SFTP server', service: true },
];

/** Installs the system's programs that some tests need, where we may; says which tests are skipped where we may not. */
export async function ensureTestPrograms() {
  const missing = programs.filter(isMissing);
  const refused = new Map(missing.map((program) => [program, whyNotInstalled(program)]));
  const allowed = missing.filter((program) => !refused.get(program));
  if (allowed.length > 0) await install(allowed.map(({ debian }) => debian));
  for (const program of missing.filter(isMissing)) {
    const reason = refused.get(program) ?? 'apt-get could not install it';
    say(`Tests ${program.tests} will be skipped: ${program.debian} is missing, and ${reason}.`);
  }
}

function isMissing({ names }) {
  return !findProgram(...names);
}

function whyNotInstalled({ service }) {
  if (!findProgram('apt-get')) return 'there is no apt-get to install it';
  if (process.getuid?.() !== 0) return 'only root can install it';
  // Where systemd runs, Debian's package would open this machine to SSH logins.
  if (service && existsSync('/run/systemd/system')) return 'installing it would start an SSH server on this machine';
  return undefined;
}

async function install(packages) {
  say(`Installing ${packages.join(' and ')} for the tests, by apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await capture('apt-get', ['update', '-q'], { env });
  // One by one: one that this system does not have must not keep the others out.
  for (const name of packages) {
    const { code, output } = await capture('apt-get', ['install', '-qy', '--no-install-recommends', name], { env });
    if (code !== 0) say(output.trim().split('\n').slice(-5).join('\n'));
  }
}
