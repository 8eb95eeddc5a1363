import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslations } from 'use-intl';

/** Puts a text into the clipboard, and says for a moment that it is there. */
export function Copy({ text }: { readonly text: string }) {
  const t = useTranslations('common');
  const { copied, copy } = useClipboard({ timeout: 3000 });
  return (
    <Button variant="default" size="xs" onClick={() => copy(text)} aria-live="polite">
      {t(copied ? 'copied' : 'copy')}
    </Button>
  );
}
