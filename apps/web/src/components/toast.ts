import { notifications } from '@mantine/notifications';

/** Says briefly that something was done; announced politely, and gone by itself. Refusals stand where they happened and are no toasts. */
export function toast(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true, withCloseButton: false });
}
