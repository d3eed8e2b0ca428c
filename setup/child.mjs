import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Runs a program in our place: it has our terminal, gets the signals that we get, and we wait for its end.
 * @returns {Promise<number>} its exit code; 128 + n where signal n ended it
 */
export function runInPlace(program, args, options = {}) {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const release = [passSignals(child), endWithNpm(child)];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const undo of release) undo();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** A terminal sends Ctrl-C to its whole process group, so the child has it already and must not get it twice. */
function passSignals(child) {
  const pass = (signal) => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return () => signals.forEach((signal) => void process.off(signal, pass));
}

/** npm cannot pass on a kill -9 of itself. What it started would stay behind unseen and keep the port. */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return () => undefined;
  const npm = npmProcess();
  const watch = setInterval(() => {
    if (npmProcess() === npm) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  return () => clearInterval(watch);
}

/** The process that started us; npm puts a shell in between. */
function npmProcess() {
  const [name, parent] = nameAndParent(process.ppid);
  return name === 'sh' ? parent : process.ppid;
}

/** Name and parent of a process, where the system tells (proc_pid_stat(5)). */
function nameAndParent(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return [name, Number(parent)];
  } catch {
    return [];
  }
}

/**
 * Runs a program to its end and keeps what it writes, both streams together.
 * @returns {Promise<{ code: number, output: string }>} code 127 where it cannot be started
 */
export function capture(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
