import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCloudOff,
  IconDotsVertical,
  IconDownload,
  IconLayoutBoard,
  IconListDetails,
  IconListTree,
  IconPlayerPlay,
  IconPointFilled,
  IconRocket,
  IconSearch,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Catalogue, FlowDetail } from '../api/types.ts';
import { useMay } from '../app/use-may.ts';
import { shortVersion } from '../app/version.ts';
import { openCommands } from '../commands/command-key.tsx';
import { moveNodes } from '../editor/edits.ts';
import { isDirty } from '../editor/history.ts';
import { tidy } from '../editor/layout.ts';
import { FlowPlaces } from '../versions/flow-places.tsx';
import { PublishDialog } from '../versions/publish-dialog.tsx';
import { download } from './bundle-file.ts';
import { DeployDialog } from './deploy-dialog.tsx';
import { useEditing, useHistory } from './editing.ts';
import classes from './flow-page.module.css';
import { StartDialog } from './start-dialog.tsx';
import type { Saving } from './use-saving.ts';
import type { Validation } from './use-validation.ts';

interface FlowHeaderProps {
  readonly server: FlowDetail;
  readonly catalogue: Catalogue;
  readonly saving: Saving;
  readonly validation: Validation;
  /** The browser cannot keep what the server does not have. */
  readonly storageFull: boolean;
  readonly dialog: FlowDialog | undefined;
  readonly openDialog: (dialog: FlowDialog | undefined) => void;
  readonly outline: boolean;
  readonly showOutline: (shown: boolean) => void;
}

export type FlowDialog = 'publish' | 'deploy' | 'start' | 'keys';

export function FlowHeader({ server, catalogue, saving, validation, storageFull, ...header }: FlowHeaderProps) {
  const { t } = useTranslation();
  const { dialog, openDialog, outline, showOutline } = header;
  const { editor, frozen } = useEditing();
  const history = useHistory(editor);
  const dirty = isDirty(history);
  const may = useMay();
  const close = () => openDialog(undefined);
  // Problems of records are the server's to find; those of the document are checked while it is edited.
  const beside = server.problems.filter(({ pointer }) => pointer.startsWith('/records/'));
  const problems = [...validation.problems.filter((problem) => !beside.includes(problem)), ...beside];
  return (
    <header className={classes.header}>
      <div className={classes.heading}>
        <nav className={classes.crumbs}>
          <Link to="/flows">{t('flows.title')}</Link>
          <span aria-hidden>/</span>
        </nav>
        <h1 className={classes.name}>{history.present.flow.name}</h1>
        <DeployedSign server={server} dirty={dirty} />
        {!frozen && <KeptSign saving={saving} storageFull={storageFull} dirty={dirty} />}
        <FlowPlaces flowId={server.id} />
      </div>
      <div className={classes.tools}>
        <Tool
          label={t('commands.open')}
          keys="Ctrl+K"
          icon={<IconSearch size={18} />}
          onClick={openCommands}
          disabled={false}
        />
        <Tool
          label={t('outline.title')}
          keys="O"
          icon={<IconListTree size={18} />}
          onClick={() => showOutline(!outline)}
          disabled={false}
        />
        <Tool
          label={t('flow.undo')}
          keys="Ctrl+Z"
          icon={<IconArrowBackUp size={18} />}
          onClick={editor.undo}
          disabled={history.past.length === 0}
        />
        <Tool
          label={t('flow.redo')}
          keys="Ctrl+Y"
          icon={<IconArrowForwardUp size={18} />}
          onClick={editor.redo}
          disabled={history.future.length === 0}
        />
        <MoreMenu />
        <span className={classes.divider} aria-hidden />
        <Tooltip label="Ctrl+S">
          <Button variant="default" onClick={() => openDialog('publish')} disabled={!may('flows.publish')}>
            {t('flow.publish')}
          </Button>
        </Tooltip>
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} />}
          onClick={() => openDialog('start')}
          disabled={!may('flows.run')}
        >
          {t('flow.run')}
        </Button>
        <Button
          leftSection={<IconRocket size={16} />}
          onClick={() => openDialog('deploy')}
          disabled={!may('flows.deploy')}
        >
          {t('flow.deploy')}
        </Button>
      </div>
      {dialog === 'publish' && <PublishDialog flowId={server.id} save={saving.save} close={close} />}
      {dialog === 'deploy' && (
        <DeployDialog
          flow={history.present.flow}
          catalogue={catalogue}
          deployed={server.deployed}
          problems={problems}
          save={dirty ? saving.save : undefined}
          close={close}
        />
      )}
      {dialog === 'start' && <StartDialog server={server} close={close} />}
    </header>
  );
}

interface ToolProps {
  readonly label: string;
  readonly keys: string;
  readonly icon: React.ReactNode;
  readonly onClick: () => void;
  readonly disabled: boolean;
}

function Tool({ label, keys, icon, onClick, disabled }: ToolProps) {
  return (
    <Tooltip label={`${label} · ${keys}`}>
      <ActionIcon aria-label={label} onClick={onClick} disabled={disabled} className={classes.tool ?? ''}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function MoreMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { editor } = useEditing();
  const { flow } = useHistory(editor).present;
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon aria-label={t('flow.more')}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconLayoutBoard size={16} />} onClick={() => editor.edit(moveNodes(tidy(flow)))}>
          {t('flow.tidy')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => download(editor.state().present)}>
          {t('flow.export')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconListDetails size={16} />}
          onClick={() => void navigate({ to: '/runs', search: { flow: flow.id } })}
        >
          {t('flow.viewRuns')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DeployedSign({ server, dirty }: { readonly server: FlowDetail; readonly dirty: boolean }) {
  const { t } = useTranslation();
  const { deployed, changedSinceDeploy } = server;
  if (!deployed) return <span className={classes.sign}>{t('flows.notDeployed')}</span>;
  const { environment } = deployed;
  const version = shortVersion(deployed.version);
  return (
    <>
      <Tooltip label={t('flows.deployedIn', { version, environment })}>
        <span className={classes.sign} data-live>
          <IconPointFilled size={13} aria-hidden /> {t('flows.live')}
          <span className={classes.version}>&nbsp;· {version}</span>
        </span>
      </Tooltip>
      {(changedSinceDeploy || dirty) && (
        <Tooltip label={t('flows.changedHint', { version })}>
          <span className={classes.sign} data-changed>
            {t('flows.changed')}
          </span>
        </Tooltip>
      )}
    </>
  );
}

interface KeptSignProps {
  readonly saving: Saving;
  readonly storageFull: boolean;
  readonly dirty: boolean;
}

/** Says where the edits are: with the server, on their way there, or in this browser alone. */
function KeptSign({ saving: { failure, conflict }, storageFull, dirty }: KeptSignProps) {
  const { t } = useTranslation();
  if (!dirty || !failure)
    return (
      <span className={classes.kept} role="status">
        {dirty ? t(conflict ? 'flow.saveFailed' : 'flow.saving') : t('flow.saved')}
      </span>
    );
  return (
    <Tooltip label={storageFull ? t('flow.storageFull') : failure.message} multiline maw={320}>
      <span className={classes.sign} data-wrong role="status">
        <IconCloudOff size={14} aria-hidden />
        {t(failure.status === 0 ? 'flow.keptHere' : 'flow.saveFailed')}
      </span>
    </Tooltip>
  );
}
