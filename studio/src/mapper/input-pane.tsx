import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import classes from './mapper.module.css';
import type { Sample } from './use-sample.ts';

/** What comes into the mapping, which may be edited. */
export function InputPane({ sample }: { readonly sample: Sample }) {
  const { t } = useTranslation();
  const { names } = sample;
  return (
    <div className={classes.pane}>
      <div className={classes.paneHead}>
        <h3>{t('mapper.input')}</h3>
        {sample.edited && sample.name !== null && (
          <button type="button" className={classes.reset} onClick={() => sample.choose(sample.name ?? '')}>
            {t('mapper.resetInput')}
          </button>
        )}
        {names.length > 0 && (
          <Select
            aria-label={t('mapper.sample')}
            data={[...names]}
            value={sample.name}
            onChange={(name) => name !== null && sample.choose(name)}
            className={classes.samplePicker ?? ''}
          />
        )}
      </div>
      <div className={classes.body}>
        {names.length === 0 && <p className={classes.note}>{t('mapper.noSamples')}</p>}
        {sample.wrong !== undefined && (
          <p className={classes.wrong} role="alert">
            {t('mapper.inputNotJson', { message: sample.wrong })}
          </p>
        )}
        <CodeEditor
          fill
          language="json"
          label={t('mapper.input')}
          value={sample.text}
          onChange={sample.type}
          minHeight={200}
        />
      </div>
    </div>
  );
}
