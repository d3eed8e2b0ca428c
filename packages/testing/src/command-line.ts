/** The set-up's own builder: plain JavaScript, which runs before anything is installed. */
const builder = (await import(new URL('../../../setup/program.mjs', import.meta.url).href)) as {
  ensureProgram(node: string): Promise<string>;
  ensureBundle(node: string, program: Program): Promise<string>;
};

/** A program of tests' own. */
export interface Program {
  /** What people call it. */
  readonly title: string;
  readonly name: string;
  /** Of its sources, from the root. */
  readonly folder: string;
  /** Its own source, in the folder. */
  readonly source: string;
}

/** The command line as users run it, to be given to Node with its arguments. */
export const commandLine: string = await builder.ensureProgram(process.execPath);

/** A program that is started often, bundled as the command line is. */
export function bundled(program: Program): Promise<string> {
  return builder.ensureBundle(process.execPath, program);
}
