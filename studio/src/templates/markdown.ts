/** A part of a Markdown text, of the kinds that READMEs of templates are made of. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

const fence = /^```/;
const item = /^\s{0,3}([-*]|\d+\.)\s+/;

/** Whatever is not one of the known kinds is a paragraph, so nothing is lost. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): readonly [Block | undefined, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [undefined, at + 1];
  if (fence.test(line)) return codeAt(lines, at);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return [{ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' }, at + 1];
  const end = endOfRun(lines, at);
  const run = lines.slice(at, end);
  if (line.startsWith('|')) return [tableOf(run), end];
  if (item.test(line)) return [listOf(run), end];
  return [{ kind: 'paragraph', text: run.map((each) => each.trim()).join(' ') }, end];
}

function codeAt(lines: readonly string[], at: number): readonly [Block, number] {
  const close = lines.findIndex((line, index) => index > at && fence.test(line));
  const end = close === -1 ? lines.length : close;
  return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

/** Where an empty line, a fence or a heading ends what has begun. */
function endOfRun(lines: readonly string[], at: number): number {
  const end = lines.findIndex(
    (line, index) => index > at && (line.trim() === '' || fence.test(line) || /^#{1,6}\s/.test(line)),
  );
  return end === -1 ? lines.length : end;
}

const ruling = /^\|[\s:|-]*$/;

/** Rows of nothing but bars and dashes: what parts the head from the body, and a head without titles. */
function tableOf(run: readonly string[]): Block {
  const hasHead = !ruling.test(run[0] ?? '');
  const rows = run.filter((line) => !ruling.test(line)).map(cellsOf);
  return { kind: 'table', head: hasHead ? (rows[0] ?? []) : [], rows: hasHead ? rows.slice(1) : rows };
}

/** A bar with a backslash before it is part of its cell. */
function cellsOf(line: string): string[] {
  const inside = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function listOf(run: readonly string[]): Block {
  const items: string[] = [];
  for (const line of run) {
    if (item.test(line)) items.push(line.replace(item, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`.trim());
  }
  return { kind: 'list', ordered: /^\s*\d/.test(run[0] ?? ''), items };
}

/** A stretch of a line: plain, `code`, **stress**, or the text of a link. */
export interface Span {
  readonly kind: 'plain' | 'code' | 'strong';
  readonly text: string;
}

/** Links lead to files of the repository, which are not here: their texts remain. */
export function spansOf(text: string): Span[] {
  return text
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter((part) => part !== '')
    .map((part): Span => {
      if (part.startsWith('`')) return { kind: 'code', text: part.slice(1, -1) };
      if (part.startsWith('**')) return { kind: 'strong', text: part.slice(2, -2) };
      return { kind: 'plain', text: part };
    });
}
