import { notifications } from '@mantine/notifications';

/** A short word that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 3_000 });
}

/** Something was done, and will not be of use as it is. Stays until it is closed. */
export function notifyWarned(title: string, message: string): void {
  notifications.show({ title, message, color: 'yellow', autoClose: false, role: 'alert' });
}

/** Something was refused, and why. Stays until it is closed. */
export function notifyRefused(title: string, error: unknown): void {
  notifications.show({
    title,
    message: error instanceof Error ? error.message : String(error),
    color: 'red',
    autoClose: false,
    role: 'alert',
  });
}
