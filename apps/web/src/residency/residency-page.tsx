import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Page } from '../components/area-frame.js';
import { downloadFile } from '../components/download.js';
import { Resource } from '../components/resource.js';
import { useFocusKept } from '../components/use-focus-kept.js';
import { Attestations, Measurements } from './attestations.js';
import { Checks } from './checks.js';
import { Offline } from './offline.js';
import { Place } from './place.js';
import { Rows } from './rows.js';
import { type MeasuredReceipt, useReceipt } from './use-receipt.js';
import { Verdict } from './verdict.js';

/** Where the account's data is, as the signed receipt says, once this browser has checked it. */
export function ResidencyPage({ id }: { readonly id: string }) {
  const t = useTranslations('residency');
  const nav = useTranslations('account.nav');
  const query = useReceipt(id);
  useFocusKept(query.isFetching);
  return (
    <Page title={nav('residency')} lead={t('lead')}>
      <Resource query={query} waiting={<Waiting />}>
        {(measured) => (
          <>
            <Verdict measured={measured}>
              <Group gap="sm">
                <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
                  {t('refresh')}
                </Button>
                <Button variant="default" onClick={() => download(measured, id)}>
                  {t('download')}
                </Button>
              </Group>
            </Verdict>
            <Contents measured={measured} />
          </>
        )}
      </Resource>
    </Page>
  );
}

/** What is proven comes first; of what is not, nothing but the checks. */
function Contents({ measured: { judgement } }: { readonly measured: MeasuredReceipt }) {
  const keyId = judgement.kind === 'trusted' ? judgement.pin.keyId : undefined;
  return (
    <>
      <Checks outcomes={judgement.outcomes} keyId={keyId} />
      {judgement.kind === 'trusted' && (
        <>
          <Place receipt={judgement.receipt} />
          <Rows receipt={judgement.receipt} />
          <Measurements receipt={judgement.receipt} />
          <Attestations receipt={judgement.receipt} />
        </>
      )}
      <Offline />
    </>
  );
}

/** Exactly the bytes that were answered: another byte, and the signature would not hold. */
function download({ bytes, measuredAt }: MeasuredReceipt, id: string): void {
  const at = measuredAt.toISOString().slice(0, 19).replaceAll(':', '');
  downloadFile(`residency-${id}-${at}Z.json`, 'application/json', bytes);
}

function Waiting() {
  return (
    <Stack gap="lg" aria-busy="true" role="status">
      <Skeleton height={180} />
      <Skeleton height={260} />
    </Stack>
  );
}
