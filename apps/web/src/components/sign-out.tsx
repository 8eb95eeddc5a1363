import { Button, type ButtonProps } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { signOut } from '../account/leaving.js';
import { toast } from './toast.js';
import { useAction } from './use-action.js';

/** Ends the session, or says that it has not ended: only the region can take back a cookie that no script can read. */
export function SignOut(props: ButtonProps) {
  const t = useTranslations('common');
  const action = useAction(signOut);
  const run = async (): Promise<void> => {
    if (!(await action.run())) toast(t('signOutFailed'));
  };
  return (
    <Button {...props} loading={action.pending} onClick={() => void run()}>
      {t('signOut')}
    </Button>
  );
}
