import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { AreaWords } from '../i18n/language.js';

const queries = new QueryClient();

/** Everything behind the sign-in. */
export function Area() {
  return (
    <AreaWords>
      <QueryClientProvider client={queries}>area</QueryClientProvider>
    </AreaWords>
  );
}
