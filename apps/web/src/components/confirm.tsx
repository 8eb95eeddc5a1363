import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from './dialog.js';
import { ProblemAlert } from './problem-alert.js';
import type { Action } from './use-action.js';

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

/** Asks before something that cannot simply be taken back; closes once it is done, and not while it is being done. */
export function Confirm({ opened, onClose, title, children, act, action }: ConfirmProps) {
  const t = useTranslations('common');
  const close = (): void => {
    action.setProblem(undefined);
    onClose();
  };
  const done = async (): Promise<void> => {
    if (await action.run()) close();
  };
  return (
    <Dialog opened={opened} onClose={close} title={title} dismissible={!action.pending}>
      <Text component="div">{children}</Text>
      <ProblemAlert problem={action.problem} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close} disabled={action.pending}>
          {t('cancel')}
        </Button>
        <Button color="red.9" loading={action.pending} onClick={() => void done()}>
          {act}
        </Button>
      </Group>
    </Dialog>
  );
}
