import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { columnsOf, DataTable } from '../app/data-table.tsx';
import { t as translate } from '../app/i18n.ts';
import { exactTime } from '../app/time.ts';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from '../parts/panel.module.css';
import { Panel } from '../parts/panel.tsx';
import { type MappingPlace, mappingHistoryQuery, type OwnLines, refreshMappings } from './queries.ts';

/** @param again lays earlier lines over again; nothing for who may not */
const columnsWith = (again: ((lines: OwnLines) => void) | undefined) =>
  columnsOf<OwnLines>((helper) =>
    helper.columns([
      helper.accessor('at', {
        header: () => translate('layers.when'),
        cell: ({ getValue }) => <When at={getValue()} />,
        enableSorting: false,
      }),
      helper.accessor('by', { header: () => translate('layers.by'), enableSorting: false }),
      helper.accessor('action', {
        header: () => translate('layers.what'),
        cell: ({ row: { original } }) => (
          <>
            {translate(`layers.actions.${original.action}`)}{' '}
            <span className={classes.quiet}>{translate('layers.lines', { count: original.fields.length })}</span>
          </>
        ),
        enableSorting: false,
      }),
      helper.accessor(({ note }) => note ?? '', {
        id: 'note',
        header: () => translate('layers.note'),
        enableSorting: false,
      }),
      ...(again
        ? [
            helper.display({
              id: 'again',
              header: () => <span className="visually-hidden">{translate('layers.again')}</span>,
              cell: ({ row: { original, index } }) =>
                index > 0 && (
                  <Button variant="default" size="compact-xs" onClick={() => again(original)}>
                    {translate('layers.again')}
                  </Button>
                ),
            }),
          ]
        : []),
    ]),
  );

/** The tenant's own lines as they were, and the way back to any of them. */
export function OwnHistory({ place }: { readonly place: MappingPlace }) {
  const { t } = useTranslation();
  const mayRollBack = useMay()('mappings.promote');
  const history = useQuery(mappingHistoryQuery(place));
  const [chosen, setChosen] = useState<OwnLines>();
  const columns = useMemo(() => columnsWith(mayRollBack ? setChosen : undefined), [mayRollBack]);
  const { flow, name, environment } = place;
  return (
    <Panel title={t('layers.historyTitle')} text={t('layers.historyText')}>
      <Loaded query={history}>
        {(all) =>
          all.length === 0 ? (
            <span className={classes.quiet}>{t('layers.historyEmpty')}</span>
          ) : (
            <DataTable label={t('layers.historyTitle')} columns={columns} rows={all} idOf={({ id }) => id} />
          )
        }
      </Loaded>
      {chosen && (
        <AskFirst
          title={t('layers.againTitle')}
          text={t('layers.againText', {
            count: chosen.fields.length,
            when: exactTime(new Date(chosen.at)),
            environment,
          })}
          confirm={t('layers.again')}
          act={() =>
            call('post /flows/{id}/mappings/{name}/rollback', {
              params: { id: flow, name },
              body: { environment, to: chosen.id },
            })
          }
          close={() => setChosen(undefined)}
          done={refreshMappings}
        />
      )}
    </Panel>
  );
}
