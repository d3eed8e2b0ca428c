import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExpressionHelp } from '../flows/expression-help.ts';
import { changeBetween } from './change-between.ts';
import type { CodeEditorProps } from './code-editor.tsx';
import { highlightStyle, look } from './code-theme.ts';
import { jsonata } from './jsonata-mode.ts';
import { languageSupport, markedBy } from './language-support.ts';

/** After the last key, before the text is looked through. */
const pauseMs = 200;

/**
 * A text editor for JSONata or JSON. It lives in a shadow root, where CodeMirror uses constructed style sheets; in the
 * document it would write style elements, which a strict security policy forbids.
 */
export function CodeMirror({ value, onChange, error, ...options }: CodeEditorProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const help = useRef(options.help);
  help.current = options.help;
  const { language, label, lines, minHeight = 0 } = options;
  const readOnly = onChange === undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is kept in step by the next effect, not by a new editor
  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open', delegatesFocus: true });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          basics(language, () => help.current),
          look(minHeight),
          syntaxHighlighting(highlightStyle),
          lines ? lineNumbers() : [],
          options.hint === undefined ? [] : placeholder(options.hint),
          new Compartment().of(readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : []),
          EditorView.contentAttributes.of({ 'aria-label': label, ...(readOnly && { tabindex: '0', role: 'textbox' }) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((each) => each.isUserEvent('millrace.sync')))
              changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    // The focus that the host is given goes to what is typed into.
    editor.scrollDOM.removeAttribute('tabindex');
    view.current = editor;
    return () => editor.destroy();
  }, [language, label, lines, minHeight, readOnly, options.hint, t]);

  useEffect(() => {
    const editor = view.current;
    const change = editor && changeBetween(editor.state.doc.toString(), value);
    if (change) editor.dispatch({ changes: change, userEvent: 'millrace.sync' });
  }, [value]);

  const [settled] = useDebouncedValue(value, pauseMs);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() !== settled) return;
    const marked = language === 'jsonata' ? markedBy(options.help, settled) : [];
    const isTold = marked.some(({ message }) => message === error?.message);
    const evaluated = error && !isTold ? [diagnosticOf(error, settled.length)] : [];
    editor.dispatch(setDiagnostics(editor.state, [...marked, ...evaluated]));
  }, [error, settled, language, options.help]);

  // A dialog keeps the focus among what it finds by tabindex, and does not look into a shadow root; the host gives it on.
  // biome-ignore lint/a11y/noNoninteractiveTabindex: the host is never focused itself
  return <div ref={host} tabIndex={0} />;
}

function basics(language: CodeEditorProps['language'], help: () => ExpressionHelp | undefined): Extension {
  return [
    history(),
    drawSelection(),
    EditorView.lineWrapping,
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    // Tab leaves the editor: nobody is caught in it who works by keyboard.
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
    language === 'json' ? json() : [jsonata, languageSupport(help)],
  ];
}

/** An error marks the word that ends at its position: JSONata reports where it stopped reading. */
function diagnosticOf({ message, position }: NonNullable<CodeEditorProps['error']>, length: number): Diagnostic {
  const to = Math.min(Math.max(position ?? length, Math.min(1, length)), length);
  return { from: Math.max(0, position === undefined ? 0 : to - 1), to, severity: 'error', message };
}
