import { ActionIcon, Button, Input, Switch, TextInput } from '@mantine/core';
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  canExpand,
  type DescriptionFieldProps,
  type ObjectFieldTemplateProps,
  type TitleFieldProps,
  type WidgetProps,
  type WrapIfAdditionalTemplateProps,
} from '@rjsf/utils';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './form.module.css';

export function ObjectTemplate(props: ObjectFieldTemplateProps) {
  const { t } = useTranslation();
  const { title, description, properties, schema, uiSchema, formData, onAddProperty, fieldPathId, disabled } = props;
  const root = fieldPathId.path.length === 0;
  return (
    <div className={root ? classes.root : classes.group} id={fieldPathId.$id}>
      {!root && title && <div className={classes.groupTitle}>{title}</div>}
      {!root && description && <div className={classes.help}>{description}</div>}
      {properties
        .filter(({ hidden }) => !hidden)
        .map(({ name, content }) => (
          <div key={name}>{content}</div>
        ))}
      {canExpand(schema, uiSchema, formData) && (
        <div>
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconPlus size={14} />}
            onClick={onAddProperty}
            disabled={disabled ?? false}
          >
            {t('common.add')}
          </Button>
        </div>
      )}
    </div>
  );
}

export function ArrayTemplate({
  title,
  schema,
  items,
  canAdd,
  onAddClick,
  fieldPathId,
  rawErrors,
  required,
}: ArrayFieldTemplateProps) {
  const { t } = useTranslation();
  return (
    <Input.Wrapper
      label={title}
      labelElement="div"
      description={schema.description}
      required={required ?? false}
      error={rawErrors?.join(' ')}
      id={fieldPathId.$id}
    >
      <div className={classes.items}>
        {items}
        {canAdd && (
          <div>
            <Button variant="default" size="compact-xs" leftSection={<IconPlus size={14} />} onClick={onAddClick}>
              {t('common.add')}
            </Button>
          </div>
        )}
      </div>
    </Input.Wrapper>
  );
}

export function ArrayItemTemplate({ children, buttonsProps, hasToolbar }: ArrayFieldItemTemplateProps) {
  const { t } = useTranslation();
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps;
  return (
    <div className={classes.item}>
      <div className={classes.itemBody}>{children}</div>
      {hasToolbar && (
        <div className={classes.itemTools}>
          {hasMoveUp && (
            <ActionIcon size={24} aria-label={t('form.up')} onClick={onMoveUpItem}>
              <IconArrowUp size={14} />
            </ActionIcon>
          )}
          {hasMoveDown && (
            <ActionIcon size={24} aria-label={t('form.down')} onClick={onMoveDownItem}>
              <IconArrowDown size={14} />
            </ActionIcon>
          )}
          {hasRemove && (
            <ActionIcon size={24} aria-label={t('form.remove')} onClick={onRemoveItem}>
              <IconTrash size={14} />
            </ActionIcon>
          )}
        </div>
      )}
    </div>
  );
}

/** A field whose name the user gives too. */
export function NamedTemplate(props: WrapIfAdditionalTemplateProps) {
  const { t } = useTranslation();
  const { schema, children, id, label, onKeyRenameBlur, onRemoveProperty } = props;
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return <div>{children}</div>;
  return (
    <div className={classes.named}>
      <TextInput id={`${id}-key`} defaultValue={label} label={t('form.name')} onBlur={onKeyRenameBlur} size="xs" />
      <div>{children}</div>
      <ActionIcon size={24} aria-label={t('form.remove')} onClick={onRemoveProperty}>
        <IconTrash size={14} />
      </ActionIcon>
    </div>
  );
}

export function TitleTemplate({ id, title }: TitleFieldProps) {
  return (
    <div id={id} className={classes.groupTitle}>
      {title}
    </div>
  );
}

export function DescriptionTemplate({ id, description }: DescriptionFieldProps) {
  return description ? (
    <div id={id} className={classes.help}>
      {description}
    </div>
  ) : null;
}

/** A boolean; where nothing is set, the switch shows what the node takes then. */
export function SwitchWidget({ id, value, label, schema, onChange, disabled, rawErrors }: WidgetProps) {
  return (
    <Switch
      id={id}
      label={label}
      description={schema.description}
      checked={value ?? schema.default === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
      disabled={disabled ?? false}
      error={rawErrors?.join(' ')}
      size="sm"
    />
  );
}
