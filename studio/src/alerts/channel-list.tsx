import { ActionIcon, Button } from '@mantine/core';
import { IconBell, IconMail, IconPencil, IconTrash, IconWebhook } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { AskFirst } from '../parts/ask-first.tsx';
import { Loaded } from '../parts/loaded.tsx';
import classes from './alerts-page.module.css';
import { ChannelDialog } from './channel-dialog.tsx';
import { type Channel, channelsQuery } from './queries.ts';

/** Where alerts go. */
export function ChannelList() {
  const { t } = useTranslation();
  const channels = useQuery(channelsQuery);
  const [edited, setEdited] = useState<Channel>();
  const [dropped, setDropped] = useState<Channel>();
  return (
    <>
      <Loaded query={channels}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={IconBell} title={t('channels.emptyTitle')} text={t('channels.empty')} />
          ) : (
            <ul className={classes.list}>
              {all.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} edit={setEdited} drop={setDropped} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited && <ChannelDialog channel={edited} close={() => setEdited(undefined)} />}
      {dropped && (
        <AskFirst
          title={t('channels.removeTitle', { name: dropped.name })}
          text={t('channels.removeLead')}
          confirm={t('channels.removeConfirm')}
          act={() => call('post /alert-channels/{id}/remove', { params: { id: dropped.id } })}
          close={() => setDropped(undefined)}
          done={() => void queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey })}
        />
      )}
    </>
  );
}

interface ChannelRowProps {
  readonly channel: Channel;
  readonly edit: (channel: Channel) => void;
  readonly drop: (channel: Channel) => void;
}

function ChannelRow({ channel, edit, drop }: ChannelRowProps) {
  const { t } = useTranslation();
  const may = useMay();
  const { id, name, kind, to, url, severity, enabled } = channel;
  const Icon = kind === 'email' ? IconMail : IconWebhook;
  const testing = useMutation({
    mutationFn: () => call('post /alert-channels/{id}/test', { params: { id } }),
    onSuccess: () => {
      notifyDone(t('channels.testSent'));
      void queryClient.invalidateQueries({ queryKey: ['alerts'] });
    },
    onError: (error) => notifyRefused(t('channels.refused'), error),
  });
  return (
    <li className={classes.alert} data-closed={!enabled}>
      <span className={classes.icon} data-kind={kind}>
        <Icon size={17} stroke={1.9} aria-hidden />
      </span>
      <div className={classes.text}>
        <div className={classes.message}>{name}</div>
        <div className={classes.facts}>
          <span>{to?.join(', ') ?? url}</span>
          <span aria-hidden>·</span>
          <span>{t(`channels.severities.${severity}`)}</span>
          {!enabled && (
            <>
              <span aria-hidden>·</span>
              <span>{t('channels.off')}</span>
            </>
          )}
        </div>
      </div>
      {may('alert-channels.edit') && (
        <>
          <Button variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
            {t('channels.test')}
          </Button>
          <ActionIcon aria-label={t('channels.change', { name })} onClick={() => edit(channel)}>
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon aria-label={t('channels.remove', { name })} onClick={() => drop(channel)}>
            <IconTrash size={16} />
          </ActionIcon>
        </>
      )}
    </li>
  );
}
