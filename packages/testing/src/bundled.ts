/** A program of tests' own, which stands on the runtime. */
export interface Program {
  /** What people call it. */
  readonly title: string;
  /** Its file, without the ending. */
  readonly name: string;
  /** Of its sources, from the root. */
  readonly folder: string;
  /** Its own source, in the folder. */
  readonly source: string;
}

/** The set-up's own builder: plain JavaScript, which runs before anything is installed. */
const builder = new URL('../../../setup/program.mjs', import.meta.url).href;
const { ensureBundle } = (await import(builder)) as { ensureBundle(node: string, program: Program): Promise<string> };

/** A program that is started often, bundled as the command line is: answers what is to be given to Node. */
export function bundled(program: Program): Promise<string> {
  return ensureBundle(process.execPath, program);
}
