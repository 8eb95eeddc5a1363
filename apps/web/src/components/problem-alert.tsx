import { Alert, Button, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '../api/problem.js';
import { useProblemWords } from './use-words.js';

/** A refusal in words, announced to screen readers; with a way to try again where that may help. Nothing when there is none. */
export function ProblemAlert({
  problem,
  onRetry,
}: {
  readonly problem: ApiProblem | undefined;
  readonly onRetry?: () => void;
}) {
  const t = useTranslations('common');
  const words = useProblemWords();
  if (!problem) return null;
  const id = words.requestId(problem);
  return (
    <Alert color="red" variant="light" role="alert">
      <Text size="sm">{words.sentence(problem)}</Text>
      {id !== undefined && (
        <Text size="xs" mt="xs">
          {id}
        </Text>
      )}
      {onRetry && problem.isPassing && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </Alert>
  );
}
