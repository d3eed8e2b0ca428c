import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { ExpressionHelp } from '../flows/expression-help.ts';

type Help = () => ExpressionHelp | undefined;

/** Fields come before variables, and those before functions, where all of them fit what is typed. */
const boosts = { field: 60, variable: 30, function: 0 };

/** Completion and explanations for JSONata. @param help as it is at the moment */
export function languageSupport(help: Help): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, help)], icons: false }),
    hoverTooltip((view, position) => explain(view, position, help)),
  ];
}

/** Fields are proposed behind a dot too; elsewhere only when a word has begun, or when asked for. */
function complete(context: CompletionContext, help: Help): CompletionResult | null {
  const text = context.state.doc.toString();
  if (!context.explicit && !/[\w$.\u0080-\uffff]$/.test(text.slice(0, context.pos))) return null;
  const { from, items } = help()?.completions(text, context.pos) ?? { from: context.pos, items: [] };
  if (items.length === 0) return null;
  return {
    from,
    validFor: /^\$?[\w\u0080-\uffff]*$/,
    options: items.map(({ label, insert, kind, detail, summary }): Completion => {
      return { label, apply: insert, detail, boost: boosts[kind], ...(summary !== undefined && { info: summary }) };
    }),
  };
}

function explain({ state }: EditorView, position: number, help: Help): Tooltip | null {
  const hover = help()?.hover(state.doc.toString(), position);
  if (!hover) return null;
  const { from, to, title, summary, example } = hover;
  const lines: [className: string, text: string | undefined][] = [
    ['title', title],
    ['summary', summary],
    ['example', example && `${example.expression}  →  ${JSON.stringify(example.result)}`],
  ];
  return {
    pos: from,
    end: to,
    above: true,
    create: () => ({ dom: boxOf(lines.flatMap(([name, text]) => (text === undefined ? [] : [lineOf(name, text)]))) }),
  };
}

function boxOf(lines: readonly HTMLElement[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-explanation';
  box.append(...lines);
  return box;
}

function lineOf(name: string, text: string): HTMLElement {
  const line = document.createElement('div');
  line.className = `cm-explanation-${name}`;
  line.textContent = text;
  return line;
}

/** What is wrong with a text, as the editor marks it. */
export function markedBy(help: ExpressionHelp | undefined, text: string): Diagnostic[] {
  return (help?.diagnostics(text) ?? []).map(({ from, to, severity, message, hint }) => ({
    from,
    to,
    severity,
    message: hint === undefined ? message : `${message} ${hint}`,
  }));
}
