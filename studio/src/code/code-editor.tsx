import { lazy, Suspense } from 'react';
import type { ExpressionHelp } from '../flows/expression-help.ts';
import classes from './code-editor.module.css';

export interface CodeEditorProps {
  readonly language: 'jsonata' | 'json';
  /** What the text is, for those who do not see it. */
  readonly label: string;
  readonly value: string;
  /** Without it the text can only be read. */
  readonly onChange?: ((value: string) => void) | undefined;
  /** What is wrong with the text, and at which offset. */
  readonly error?: { readonly message: string; readonly position?: number } | undefined;
  /** For JSONata: completion, explanations, and what is wrong with the text. */
  readonly help?: ExpressionHelp | undefined;
  /** Shown while the text is empty. */
  readonly hint?: string;
  readonly lines?: boolean;
  /** Pixels. */
  readonly minHeight?: number;
}

const CodeMirror = lazy(() => import('./codemirror.tsx').then((module) => ({ default: module.CodeMirror })));

interface FrameProps extends CodeEditorProps {
  /** Fills a pane instead of standing among form fields. */
  readonly fill?: boolean;
}

/** A code editor in the frame of an input; the editor itself is loaded when the first one is shown. */
export function CodeEditor({ fill = false, minHeight = 36, ...props }: FrameProps) {
  return (
    <div className={classes.frame} data-fill={fill} data-wrong={props.error !== undefined}>
      <Suspense fallback={<pre className={classes.fallback}>{props.value || ' '}</pre>}>
        <CodeMirror minHeight={minHeight} {...props} />
      </Suspense>
    </div>
  );
}
