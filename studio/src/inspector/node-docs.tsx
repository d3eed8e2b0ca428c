import { useTranslation } from 'react-i18next';
import type { Json, NodeDescription } from '../api/types.ts';
import { MarkedText } from '../app/marked-text.tsx';
import { JsonView } from '../code/json-view.tsx';
import classes from './inspector.module.css';

/** What a node type says of itself. */
export function NodeDocs({ description }: { readonly description: NodeDescription }) {
  const { t } = useTranslation();
  const { effect, docs, examples } = description;
  return (
    <div className={classes.settings}>
      <div className={classes.docs}>
        {effect !== undefined && <span className={classes.effect}>{t(`inspector.effect.${effect}`)}</span>}
        {(docs ?? description.summary).split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph}>
            <MarkedText text={paragraph} />
          </p>
        ))}
      </div>
      {examples.map((example) => (
        <section key={example.title} className={classes.section}>
          <h3 className={classes.sectionTitle}>{example.title}</h3>
          <Part title={t('inspector.exampleConfig')} value={example.config} />
          {'payload' in example ? (
            <Part title={t('inspector.examplePayload')} value={example.payload} />
          ) : (
            <>
              <Part title={t('inspector.exampleInput')} value={example.input} />
              <Part title={t('inspector.exampleResult')} value={example.expect as unknown as Json} />
            </>
          )}
        </section>
      ))}
    </div>
  );
}

function Part({ title, value }: { readonly title: string; readonly value: Json }) {
  return (
    <div>
      <div className={classes.partTitle}>{title}</div>
      <JsonView value={value} label={title} />
    </div>
  );
}
