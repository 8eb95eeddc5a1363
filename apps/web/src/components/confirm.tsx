import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Action } from './use-action.js';
import { ProblemAlert } from './problem-alert.js';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, in plain words. */
  readonly children: ReactNode;
  /** The words on the button: what it does, never just "OK". */
  readonly act: string;
  readonly action: Action<[]>;
}

/** Asks before something that cannot simply be taken back; closes once it is done. */
export function Confirm({ opened, onClose, title, children, act, action }: ConfirmProps) {
  const t = useTranslations('common');
  const done = async (): Promise<void> => {
    if (await action.run()) onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }} centered>
      <Stack>
        <Text component="div">{children}</Text>
        <ProblemAlert problem={action.problem} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={action.pending} onClick={() => void done()}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
