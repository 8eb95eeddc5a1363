import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSignedInAction } from '../../account/use-signed-in-action.js';
import { answered, api, newKey } from '../../api/client.js';
import { Confirm } from '../../components/confirm.js';
import { Copy } from '../../components/copy.js';
import { Dialog } from '../../components/dialog.js';
import { downloadFile } from '../../components/download.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { useWithProof } from '../../components/proof.js';
import { Section } from '../../components/section.js';
import { region } from '../../page.js';
import { factorsQuery } from '../queries.js';

/** What stands in for a lost device: made, shown once, counted. */
export function RecoveryCodes({ left }: { readonly left: number }) {
  const t = useTranslations('person.codes');
  const security = useTranslations('person.security');
  const [asks, setAsks] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const client = useQueryClient();
  const withProof = useWithProof();
  const make = useSignedInAction(async () => {
    const params = { header: { 'Idempotency-Key': newKey() } };
    const made = await withProof(() => answered(api.POST('/v1/me/recovery-codes', { params })));
    setCodes(made.codes);
    await client.invalidateQueries(factorsQuery);
  });
  const has = left > 0;
  return (
    <Section
      title={t('title')}
      lead={t('lead')}
      aside={
        <Button
          variant="default"
          loading={make.pending && !asks}
          onClick={() => (has ? setAsks(true) : void make.run())}
        >
          {t(has ? 'again' : 'make')}
        </Button>
      }
    >
      <Text>{t('left', { count: left })}</Text>
      {!asks && <ProblemAlert problem={make.problem} />}
      <Confirm opened={asks} onClose={() => setAsks(false)} title={t('againTitle')} act={t('again')} action={make}>
        {t('againText')} {security('othersEnd')}
      </Confirm>
      <Dialog opened={codes.length > 0} onClose={() => setCodes([])} title={t('shownTitle')} dismissible={false}>
        <Shown codes={codes} onKept={() => setCodes([])} />
      </Dialog>
    </Section>
  );
}

interface ShownProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** The only time that they are seen: a slip of the finger does not close it. */
function Shown({ codes, onKept }: ShownProps) {
  const t = useTranslations('person.codes');
  const [isKept, setKept] = useState(false);
  const text = [t('heading', { origin: region.origins.customer }), '', ...codes, ''].join('\n');
  return (
    <>
      <Text>{t('shownText')}</Text>
      <ol className="codes">
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ol>
      <Group gap="xs">
        <Copy text={text} />
        <Button
          variant="default"
          size="xs"
          onClick={() => downloadFile(t('file'), 'text/plain', new TextEncoder().encode(text))}
        >
          {t('download')}
        </Button>
        <Button variant="default" size="xs" onClick={() => print()}>
          {t('print')}
        </Button>
      </Group>
      <Checkbox label={t('kept')} checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
      <Button disabled={!isKept} onClick={onKept}>
        {t('close')}
      </Button>
    </>
  );
}
