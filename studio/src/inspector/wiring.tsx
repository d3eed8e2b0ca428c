import { ActionIcon, Select } from '@mantine/core';
import type { FlowNode } from '@millrace/flow';
import { IconArrowNarrowRight, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { hasBodyIn, titleOf } from '../canvas/drawing.ts';
import { loopsAround, putInto } from '../editor/bodies.ts';
import { connect, disconnect } from '../editor/edits.ts';
import { ordinaryPort, type Port, portsOf } from '../editor/ports.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { connectFieldId } from '../flows/focus-field.ts';
import classes from './inspector.module.css';

/** The edges of a node as a list: everything that is done on the canvas by dragging can be done here by keyboard. */
export function Wiring({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { catalog, open } = useEditing();
  const { flow } = useBundle();
  const node = flow.nodes[id];
  if (!node) return null;
  const outgoing = flow.edges.filter(({ from }) => from === id);
  const incoming = flow.edges.filter(({ to }) => to === id);
  return (
    <div className={classes.settings}>
      <section className={classes.section}>
        <h3 className={classes.sectionTitle}>{t('inspector.ways')}</h3>
        {portsOf(node, catalog.get(node.type), outgoing).map((port) => (
          <PortRow key={port.id} id={id} port={port} />
        ))}
      </section>
      <BodyPicker id={id} node={node} />
      {catalog.get(node.type)?.kind !== 'trigger' && (
        <section className={classes.section}>
          <h3 className={classes.sectionTitle}>{t('inspector.comesFrom')}</h3>
          {incoming.length === 0 && <p className={classes.hint}>{t('inspector.nothingLeadsHere')}</p>}
          {incoming.map(({ from, port }) => (
            <button key={`${from}:${port}`} type="button" className={classes.neighbour} onClick={() => open(from)}>
              {titleOf(from, flow, catalog)}
              {port !== undefined && <span className={classes.port}>{port}</span>}
            </button>
          ))}
        </section>
      )}
    </div>
  );
}

/** In the body of which loop the node stands. */
function BodyPicker({ id, node }: { readonly id: string; readonly node: FlowNode }) {
  const { t } = useTranslation();
  const { editor, catalog } = useEditing();
  const { flow } = useBundle();
  const isLoop = hasBodyIn(flow, catalog);
  const loops = Object.keys(flow.nodes).filter(
    (other) => isLoop(other) && other !== id && !loopsAround(flow, other).includes(id),
  );
  if (loops.length === 0 || catalog.get(node.type)?.kind === 'trigger') return null;
  return (
    <Select
      label={t('inspector.standsIn')}
      data={[
        { value: '', label: t('inspector.inNoBody') },
        ...loops.map((loop) => ({ value: loop, label: t('flow.body', { title: titleOf(loop, flow, catalog) }) })),
      ]}
      value={node.parent ?? ''}
      onChange={(loop) => editor.edit(putInto(id, loop || undefined))}
    />
  );
}

function PortRow({ id, port }: { readonly id: string; readonly port: Port }) {
  const { t } = useTranslation();
  const { editor, catalog, open } = useEditing();
  const { flow } = useBundle();
  const ordinary = ordinaryPort(catalog.get(flow.nodes[id]?.type ?? ''));
  const edges = flow.edges.filter((edge) => edge.from === id && (edge.port ?? ordinary) === port.id);
  const targets = Object.keys(flow.nodes).filter(
    (other) =>
      other !== id &&
      catalog.get(flow.nodes[other]?.type ?? '')?.kind !== 'trigger' &&
      !edges.some(({ to }) => to === other),
  );
  const add = (to: string | null) =>
    to !== null && editor.edit(connect({ from: id, ...(port.kind !== 'ordinary' && { port: port.id }), to }));
  return (
    <div className={classes.portRow}>
      <span className={classes.port} data-kind={port.kind}>
        {port.id}
      </span>
      {edges.map((edge) => {
        const target = titleOf(edge.to, flow, catalog);
        return (
          <div key={edge.to} className={classes.edge}>
            <IconArrowNarrowRight size={16} aria-hidden />
            <button type="button" className={classes.neighbour} onClick={() => open(edge.to)}>
              {target}
            </button>
            <ActionIcon
              size={24}
              aria-label={t('inspector.removeEdge', { to: target })}
              onClick={() => editor.edit(disconnect([edge]))}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        );
      })}
      <Select
        {...(port.kind === 'ordinary' && { id: connectFieldId(id) })}
        aria-label={t('inspector.connectFrom', { port: port.id })}
        placeholder={t('inspector.connectTo')}
        data={targets.map((other) => ({ value: other, label: titleOf(other, flow, catalog) }))}
        value={null}
        onChange={add}
        searchable
      />
    </div>
  );
}
