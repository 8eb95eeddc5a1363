import { Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What it asks or shows; begins anew each time it is opened. */
  readonly children: ReactNode;
  /** False for what must not be lost by a slip: then only its own buttons close it. */
  readonly dismissible?: boolean;
  /** Where it lies above other dialogs. */
  readonly zIndex?: number;
}

/** One step of an act, before the page: focus goes into it, and back to where it came from. */
export function Dialog({ opened, onClose, title, children, dismissible = true, zIndex }: DialogProps) {
  const t = useTranslations('common');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      zIndex={zIndex}
      closeButtonProps={{ 'aria-label': t('close') }}
      withCloseButton={dismissible}
      closeOnEscape={dismissible}
      closeOnClickOutside={dismissible}
      // The page has a banner already, and a dialog's own heading is none.
      attributes={{ header: { role: 'none' } }}
    >
      <Stack>{children}</Stack>
    </Modal>
  );
}
