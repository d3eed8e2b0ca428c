import { authoringSchema } from '@millrace/contract';
import {
  type ErrorSchema,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorSchema,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils';
import { Check, Errors } from 'typebox/schema';
import { keysOf } from '../editor/problems.ts';

/**
 * Checks form data by TypeBox's interpreter. The form library's usual validator compiles schemas to code, which a strict
 * Content-Security-Policy forbids. Fields that accept an expression accept `{% … %}` here too.
 */
const formValidator: ValidatorType = {
  validateFormData: (formData, schema) => validationOf(formData, schema),
  isValid: (schema, formData, rootSchema) => {
    try {
      return Check(withDefinitions(schema, rootSchema), formData ?? null);
    } catch {
      // A schema that cannot be read matches nothing; the server says what is wrong with it.
      return false;
    }
  },
  // Which kind of errors is wanted the caller says by type alone.
  rawValidation: (schema: RJSFSchema, formData?: unknown) => ({ errors: errorsOf(formData, schema) as never[] }),
};

export default formValidator;

function validationOf(formData: unknown, schema: RJSFSchema): ValidationData<unknown> {
  const errors = errorsOf(formData, schema);
  return { errors, errorSchema: toErrorSchema(errors) as ErrorSchema<unknown> };
}

function errorsOf(formData: unknown, schema: RJSFSchema): RJSFValidationError[] {
  const [, errors] = Errors(authoringSchema(schema), formData ?? null);
  return errors.map(({ instancePath, keyword, message }) => ({
    name: keyword,
    property: keysOf(instancePath)
      .map((key) => `.${key}`)
      .join(''),
    message,
    stack: `${instancePath} ${message}`,
  }));
}

/** References inside a part of a schema point to definitions of the whole. */
function withDefinitions(schema: RJSFSchema, rootSchema: RJSFSchema): RJSFSchema {
  return { $defs: rootSchema.$defs, definitions: rootSchema.definitions, ...authoringSchema(schema) };
}
