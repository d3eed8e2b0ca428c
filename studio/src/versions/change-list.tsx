import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FlowDocument } from '../api/types.ts';
import { type ChangeGroup, changeGroups, shownEdit, type ToldChange } from './change-groups.ts';
import classes from './change-list.module.css';

interface ChangeListProps {
  readonly changes: readonly ToldChange[];
  /** Has the titles of the nodes; without it they are called by their ids. */
  readonly nodes?: FlowDocument['nodes'] | undefined;
  /** Shows a node on the canvas. */
  readonly open?: (node: string) => void;
}

/** A difference as text, by what it is in. */
export function ChangeList({ changes, nodes, open }: ChangeListProps) {
  return (
    <ul className={classes.groups}>
      {changeGroups(changes).map((group) => (
        <li key={group.kind + group.node} className={classes.group}>
          <GroupTitle group={group} nodes={nodes} open={open} />
          <ul className={classes.changes}>
            {group.changes.map((change) => (
              <ChangeLine key={change.pointer + change.action} change={change} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function GroupTitle({
  group: { kind, node },
  nodes,
  open,
}: Pick<ChangeListProps, 'nodes'> & {
  readonly group: ChangeGroup;
  readonly open: ChangeListProps['open'] | undefined;
}) {
  const { t } = useTranslation();
  if (kind !== 'node') return <h3 className={classes.title}>{t(`difference.kinds.${kind}`)}</h3>;
  const title = nodes?.[node]?.title ?? node;
  return (
    <h3 className={classes.title}>
      {open ? (
        <button type="button" className={classes.open} onClick={() => open(node)}>
          {title}
        </button>
      ) : (
        title
      )}
      {title !== node && <span className={`mono ${classes.id}`}>{node}</span>}
    </h3>
  );
}

/** Where in its node a change is; what is in no node has its whole place. */
function placeInside(pointer: string): string {
  return pointer.replace(/^\/flow\/nodes\/[^/]+/, '');
}

const signs = { added: '+', removed: '−', changed: '~', reordered: '↕' } as const;

function ChangeLine({ change }: { readonly change: ToldChange }) {
  const { t } = useTranslation();
  const edit = shownEdit(change);
  return (
    <li className={classes.change} data-action={change.action}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <span className={classes.sign} aria-hidden>
          {signs[change.action]}
        </span>
        <span className={classes.sentence}>
          <span className="visually-hidden">{t(`difference.actions.${change.action}`)}: </span>
          {edit ? <span className="mono">{placeInside(change.pointer)}</span> : change.sentence}
        </span>
      </Group>
      {edit && (
        <code className={classes.edit}>
          {edit.lead}
          {edit.before !== '' && <del>{edit.before}</del>}
          {edit.after !== '' && <ins>{edit.after}</ins>}
          {edit.rest}
        </code>
      )}
    </li>
  );
}
