import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeDescription } from '../api/types.ts';
import { NodeIcon } from './node-icon.tsx';
import classes from './palette.module.css';
import { dragType } from './use-drop.ts';

interface PaletteProps {
  readonly types: readonly NodeDescription[];
  /** Title of the node that the new one goes after. */
  readonly after: string | undefined;
  readonly choose: (type: NodeDescription) => void;
}

/** Node types to choose from: typing filters, arrows move, Enter takes. */
export function Palette({ types, after, choose }: PaletteProps) {
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const groups = (['trigger', 'node'] as const).map((kind) => ({
    kind,
    types: types.filter((type) => type.kind === kind && matches(type, text)),
  }));
  const shown = groups.flatMap((group) => group.types);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((active + step + shown.length) % Math.max(shown.length, 1));
    }
    const type = shown[active];
    if (event.key === 'Enter' && type) choose(type);
  };
  const optionId = (type: NodeDescription) => `${list}-${type.id.replace('/', '-')}`;
  return (
    <div className={classes.palette}>
      <TextInput
        data-autofocus
        aria-label={t('palette.search')}
        placeholder={t('palette.search')}
        leftSection={<IconSearch size={15} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={press}
        role="combobox"
        aria-expanded
        aria-controls={list}
        {...(shown[active] && { 'aria-activedescendant': optionId(shown[active]) })}
      />
      {after !== undefined && <p className={classes.after}>{t('palette.after', { title: after })}</p>}
      <div id={list} role="listbox" aria-label={t('palette.title')} className={classes.list}>
        {shown.length === 0 && <p className={classes.none}>{t('palette.noMatch', { text })}</p>}
        {groups
          .filter((group) => group.types.length > 0)
          .map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own outside a select
            <div
              key={group.kind}
              role="group"
              aria-label={t(group.kind === 'trigger' ? 'palette.triggers' : 'palette.nodes')}
            >
              <div className={classes.group} aria-hidden>
                {t(group.kind === 'trigger' ? 'palette.triggers' : 'palette.nodes')}
              </div>
              {group.types.map((type) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the keys are those of the combobox
                <div
                  key={type.id}
                  id={optionId(type)}
                  role="option"
                  aria-selected={type === shown[active]}
                  className={classes.option}
                  draggable
                  onDragStart={(event) => dragType(event, type.id)}
                  onClick={() => choose(type)}
                  onPointerMove={() => setActive(shown.indexOf(type))}
                  ref={(element) => {
                    if (type === shown[active]) element?.scrollIntoView({ block: 'nearest' });
                  }}
                >
                  <span className={classes.icon} data-kind={type.kind}>
                    <NodeIcon name={type.icon} />
                  </span>
                  <span className={classes.text}>
                    <span className={classes.title}>{type.title}</span>
                    <span className={classes.summary}>{type.summary}</span>
                  </span>
                </div>
              ))}
            </div>
          ))}
      </div>
      <p className={classes.hint}>{t('palette.hint')}</p>
    </div>
  );
}

function matches({ title, id, summary }: NodeDescription, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/);
  const all = `${title} ${id} ${summary}`.toLowerCase();
  return words.every((word) => all.includes(word));
}
