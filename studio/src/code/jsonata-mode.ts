import { StreamLanguage, type StringStream } from '@codemirror/language';

interface State {
  comment: boolean;
}

const words = new Set(['and', 'or', 'in', 'function', 'true', 'false', 'null']);
const constants = new Set(['true', 'false', 'null']);

/** Colours for JSONata; what a text means is told by `language-support.ts`. */
export const jsonata = StreamLanguage.define<State>({
  name: 'jsonata',
  startState: () => ({ comment: false }),
  token: nextToken,
  languageData: {
    commentTokens: { block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', '"', "'", '`'] },
  },
});

function nextToken(stream: StringStream, state: State): string | null {
  if (state.comment || stream.match('/*')) return comment(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string';
  if (stream.match(/^`[^`]*`?/)) return 'propertyName';
  if (stream.match(/^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/)) return 'number';
  if (stream.match(/^\$[A-Za-z_]\w*(?=\s*\()/)) return 'variableName.function';
  if (stream.match(/^\${1,2}\w*/)) return 'variableName';
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream.current());
  if (stream.match(/^(?::=|!=|<=|>=|~>|\?:|\?\?|\.\.|\*\*|[-+*/%&<>=^|?:@#~])/)) return 'operator';
  stream.next();
  return 'punctuation';
}

function comment(stream: StringStream, state: State): string {
  state.comment = !stream.match(/^.*?\*\//);
  if (state.comment) stream.skipToEnd();
  return 'comment';
}

function word(text: string): string {
  if (constants.has(text)) return 'atom';
  return words.has(text) ? 'keyword' : 'propertyName';
}
