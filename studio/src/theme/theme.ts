import { ActionIcon, Button, createTheme, Menu, Modal, Notification, TextInput, Tooltip } from '@mantine/core';
import { t } from '../app/i18n.ts';

const closeButtonProps = { 'aria-label': t('common.close') };

/** Sizes and behaviour of the component kit; its colours are in `mantine.css`. */
export const theme = createTheme({
  primaryColor: 'teal',
  defaultRadius: 8,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs', h: 32, px: 12, fz: 13 } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 32 } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withinPortal: true, events: { hover: true, focus: true, touch: false } },
    }),
    // The page itself never scrolls, and the kit's scroll lock would write a style element that the security policy forbids.
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        lockScroll: false,
        radius: 14,
        overlayProps: { backgroundOpacity: 0.35, blur: 2 },
        closeButtonProps,
      },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
    // Inside its landmark and without a placeholder for the focus, which a menu may not contain.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    // By their names alone: they are loaded by the pages that have some.
    NumberInput: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right', allowDeselect: false } },
  },
});
