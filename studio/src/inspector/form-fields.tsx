import { ActionIcon, Input, Tooltip } from '@mantine/core';
import { expressionOf, readJson, writeJson } from '@millrace/contract';
import type { ErrorSchema, FieldProps } from '@rjsf/utils';
import { IconCursorText, IconMathFunction } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import type { ExpressionHelp } from '../flows/expression-help.ts';
import { RunsBadge } from '../flows/runs-badge.tsx';
import classes from './form.module.css';
import type { NodeSample } from './use-node-sample.ts';
import { ValueLine } from './value-line.tsx';

/** What the fields of a form know beyond the form. */
export interface FormSurroundings {
  /** For expressions; nothing for forms that have none. */
  readonly help?: FormHelp | undefined;
  /** What the form holds. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface FormHelp {
  /** `$` is what the node gets. */
  readonly ofInput: ExpressionHelp | undefined;
  /** The node evaluates the text itself. */
  readonly ofNode: ExpressionHelp | undefined;
  /** What expressions are evaluated on while they are typed. */
  readonly sample?: NodeSample | undefined;
}

/** A field that takes a plain value or `{% … %}`, with a switch between the two. */
export function ExpressionField(props: FieldProps) {
  const { t } = useTranslation();
  const { formData, onChange, fieldPathId, uiSchema, registry } = props;
  const expression = expressionOf(formData);
  const { SchemaField } = registry.fields;
  const change = (value: unknown) => onChange(value, fieldPathId.path);
  // What was there before the switch, so that switching back and forth loses nothing.
  const [before, setBefore] = useState<unknown>();
  const toggle = () => {
    setBefore(formData);
    if (expression !== undefined) change(expressionOf(before) === undefined ? before : undefined);
    else change(expressionOf(before) === undefined ? asExpression(formData) : before);
  };
  const hint = t(expression === undefined ? 'inspector.useExpression' : 'inspector.useLiteral');
  return (
    <div className={classes.expression}>
      <Tooltip label={hint}>
        <ActionIcon className={classes.toggle} size={22} aria-label={`${hint}: ${titleOf(props)}`} onClick={toggle}>
          {expression === undefined ? <IconMathFunction size={15} /> : <IconCursorText size={15} />}
        </ActionIcon>
      </Tooltip>
      {expression === undefined ? (
        SchemaField && (
          <SchemaField {...props} uiSchema={uiSchema?.['ui:literal'] ?? {}} errorSchema={ownErrors(props)} />
        )
      ) : (
        <Labelled field={props}>
          <CodeEditor
            language="jsonata"
            label={t('inspector.expressionFor', { field: titleOf(props) })}
            value={expression}
            onChange={(text) => change(`{% ${text} %}`)}
            error={errorOf(props)}
            help={helpOf(props)?.ofInput}
          />
          <Value text={expression} field={props} />
          <RunsBadge texts={[expression]} help={helpOf(props)?.ofInput} />
        </Labelled>
      )}
    </div>
  );
}

function Value({ text, field }: { readonly text: string; readonly field: FieldProps }) {
  const sample = helpOf(field)?.sample;
  return sample ? <ValueLine text={text} sample={sample} /> : null;
}

/** JSONata that the node itself evaluates, written without braces. */
export function JsonataField(props: FieldProps) {
  const { t } = useTranslation();
  const text = typeof props.formData === 'string' ? props.formData : '';
  return (
    <Labelled field={props}>
      <CodeEditor
        language="jsonata"
        label={t('inspector.expressionFor', { field: titleOf(props) })}
        value={text}
        onChange={(text) => props.onChange(text === '' ? undefined : text, props.fieldPathId.path)}
        error={errorOf(props)}
        help={helpOf(props)?.ofNode}
      />
      <RunsBadge texts={[text]} help={helpOf(props)?.ofNode} />
    </Labelled>
  );
}

/** Any JSON as text; the config changes whenever the text is JSON. */
export function JsonField(props: FieldProps) {
  const { t } = useTranslation();
  const { formData, onChange, fieldPathId } = props;
  const stored = formData === undefined ? '' : writeJson(formData, 2);
  const [draft, setDraft] = useState({ text: stored, stored });
  const text = draft.stored === stored ? draft.text : stored;
  const [wrong, setWrong] = useState<string>();
  const type = (next: string) => {
    try {
      const value = next.trim() === '' ? undefined : readJson(next);
      setWrong(undefined);
      setDraft({ text: next, stored: value === undefined ? '' : writeJson(value, 2) });
      onChange(value, fieldPathId.path);
    } catch (error) {
      setWrong(t('inspector.notJson', { message: (error as Error).message }));
      setDraft({ text: next, stored });
    }
  };
  return (
    <Labelled field={props} error={wrong}>
      <CodeEditor
        language="json"
        label={t('inspector.json', { field: titleOf(props) })}
        value={text}
        onChange={type}
        error={wrong === undefined ? errorOf(props) : { message: wrong }}
      />
    </Labelled>
  );
}

/** The field's errors as its own schema field expects them; a custom field gets them taken apart. */
function ownErrors({ errorSchema, rawErrors }: FieldProps): ErrorSchema {
  return { ...errorSchema, ...(rawErrors && { __errors: rawErrors }) } as ErrorSchema;
}

interface LabelledProps {
  readonly field: FieldProps;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

function Labelled({ field, error, children }: LabelledProps) {
  return (
    <Input.Wrapper
      id={field.fieldPathId.$id}
      tabIndex={-1}
      label={titleOf(field)}
      labelElement="div"
      description={field.schema.description}
      required={field.required ?? false}
      error={error ?? errorOf(field)?.message}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
    >
      <div className={classes.editor}>{children}</div>
    </Input.Wrapper>
  );
}

function titleOf({ uiSchema, schema, name }: FieldProps): string {
  return uiSchema?.['ui:title'] ?? schema.title ?? name;
}

function errorOf({ rawErrors, errorSchema }: FieldProps): { message: string } | undefined {
  const errors = rawErrors ?? errorSchema?.__errors ?? [];
  return errors.length === 0 ? undefined : { message: errors.join(' ') };
}

function helpOf({ registry }: FieldProps): FormHelp | undefined {
  return (registry.formContext as FormSurroundings).help;
}

/** A plain value written as the expression that yields it. */
function asExpression(value: unknown): string {
  return value === undefined ? '{% $ %}' : `{% ${writeJson(value as never)} %}`;
}
