import { Select, Skeleton } from '@mantine/core';
import type { RJSFSchema } from '@rjsf/utils';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '../api/types.ts';
import { problemsIn } from './connection-form.ts';
import { onVariant, variantOf, variantsOf } from './variants.ts';

const SchemaForm = lazy(() =>
  import('../inspector/schema-form.tsx').then((module) => ({ default: module.SchemaForm })),
);

interface ConfigFormProps {
  readonly schema: RJSFSchema;
  readonly config: JsonObject;
  readonly change: (config: JsonObject) => void;
  /** Why the config was refused. */
  readonly error: Error | null;
}

/** The config of a connection: the way in which it is set up, and that way's fields. */
export function ConfigForm({ schema, config, change, error }: ConfigFormProps) {
  const { t } = useTranslation();
  const variants = useMemo(() => variantsOf(schema), [schema]);
  const index = variantOf(config, variants);
  const variant = variants[index];
  const problems = useMemo(() => problemsIn(error), [error]);
  const hidden = useMemo(() => Object.keys(variant?.fixed ?? {}), [variant]);
  if (!variant) return null;
  const go = (to: string | null) => {
    const next = variants[Number(to)];
    if (next) change(onVariant(config, next));
  };
  return (
    <>
      {variants.length > 1 && (
        <Select
          label={t('connections.way')}
          data={variants.map(({ title }, at) => ({ value: String(at), label: title }))}
          value={String(index)}
          onChange={go}
        />
      )}
      <Suspense fallback={<Skeleton height={160} />}>
        <SchemaForm
          key={index}
          id="connection"
          schema={variant.schema}
          hidden={hidden}
          value={config}
          onChange={(next) => change({ ...(next as JsonObject), ...variant.fixed })}
          problems={problems}
        />
      </Suspense>
    </>
  );
}
