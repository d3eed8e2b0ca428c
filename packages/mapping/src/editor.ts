/** What an editor of expressions needs; see the language's own README. `environmentOf` says what they see in a flow. */
import { analyse, type Diagnostic, type Environment } from '@millrace/jsonata/language';

export {
  type Completion,
  type Completions,
  canBe,
  completionsAt,
  type Diagnostic,
  dataKinds,
  type Environment,
  type Hover,
  hoverAt,
  type Kind,
  type Shape,
  shapeOfSchema,
  shapeOfValue,
} from '@millrace/jsonata/language';

/** Everything that is wrong with an expression, with places in its text. */
export function diagnosticsOf(text: string, environment: Environment): readonly Diagnostic[] {
  return analyse(text, environment).diagnostics;
}
