import { MillraceError } from '@millrace/contract';
import { runProgram } from './program.ts';

/** The system user that a program runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const accountName = 'postgres';

/**
 * The account of the server: PostgreSQL refuses to run as root, so root lends it the system user `postgres`, made
 * where it is missing. An ordinary user runs the server as itself: nothing is returned.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await existingAccount()) ?? (await createAccount());
}

async function existingAccount(): Promise<Account | undefined> {
  const [user, group] = await Promise.all([
    runProgram('id', ['-u', accountName]),
    runProgram('id', ['-g', accountName]),
  ]);
  if (user.code !== 0 || group.code !== 0) return undefined;
  return { uid: Number(user.output), gid: Number(group.output) };
}

async function createAccount(): Promise<Account> {
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const { output } = await runProgram('useradd', [...options, accountName]);
  const account = await existingAccount();
  if (account) return account;
  throw new MillraceError(
    'POSTGRES_ACCOUNT_MISSING',
    `PostgreSQL does not run as root, and the system user “${accountName}” could not be made (${output.trim()}). Make it with useradd, run as an ordinary user, or set DATABASE_URL.`,
  );
}
