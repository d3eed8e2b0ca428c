import type { Problem } from '@millrace/contract';
import { withTheme } from '@rjsf/core';
import { Theme } from '@rjsf/mantine';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import { ExpressionField, type FormHelp, type FormSurroundings, JsonataField, JsonField } from './form-fields.tsx';
import { formErrors, formPlan, formSchema } from './form-plan.ts';
import {
  ArrayItemTemplate,
  ArrayTemplate,
  DescriptionTemplate,
  NamedTemplate,
  ObjectTemplate,
  SwitchWidget,
  TitleTemplate,
} from './form-templates.tsx';
import formValidator from './form-validator.ts';
import { DurationWidget, FlowWidget, ScheduleWidget, SecretWidget, TimeZoneWidget } from './form-widgets.tsx';

const Form = withTheme({
  ...Theme,
  fields: { expression: ExpressionField, jsonata: JsonataField, json: JsonField },
  widgets: {
    ...Theme.widgets,
    CheckboxWidget: SwitchWidget,
    schedule: ScheduleWidget,
    timeZone: TimeZoneWidget,
    duration: DurationWidget,
    flow: FlowWidget,
    secret: SecretWidget,
  },
  templates: {
    ...Theme.templates,
    ObjectFieldTemplate: ObjectTemplate,
    ArrayFieldTemplate: ArrayTemplate,
    ArrayFieldItemTemplate: ArrayItemTemplate,
    WrapIfAdditionalTemplate: NamedTemplate,
    TitleFieldTemplate: TitleTemplate,
    DescriptionFieldTemplate: DescriptionTemplate,
  },
});

export interface SchemaFormProps {
  /** Keeps the ids of several forms on a page apart. */
  readonly id: string;
  readonly schema: RJSFSchema;
  readonly value: Readonly<Record<string, unknown>>;
  readonly onChange: (value: Record<string, unknown>) => void;
  /** Problems with their way into the value. */
  readonly problems: readonly (Problem & { readonly field: readonly string[] })[];
  /** For a form with expressions. */
  readonly help?: FormHelp;
  /** Top-level fields that are edited elsewhere. */
  readonly hidden?: readonly string[];
}

/** Defaults are shown, not written: what the author did not say stays unsaid in the document. */
const keepUnsaid = { emptyObjectFields: 'skipDefaults', arrayMinItems: { populate: 'never' } } as const;

/** A form for a value described by JSON Schema. */
export function SchemaForm({ id, schema, value, onChange, problems, help, hidden }: SchemaFormProps) {
  const drawn = useMemo(() => formSchema(schema, hidden), [schema, hidden]);
  const plan = useMemo<UiSchema>(() => ({ ...formPlan(drawn), 'ui:submitButtonOptions': { norender: true } }), [drawn]);
  const errors = useMemo(() => formErrors(problems), [problems]);
  const surroundings = useMemo<FormSurroundings>(() => ({ help, value }), [help, value]);
  return (
    <Form
      tagName="div"
      idPrefix={id}
      schema={drawn}
      uiSchema={plan}
      formData={value}
      onChange={({ formData }) => onChange(formData ?? {})}
      validator={formValidator}
      extraErrors={errors}
      noValidate
      showErrorList={false}
      formContext={surroundings}
      experimental_defaultFormStateBehavior={keepUnsaid}
    />
  );
}
