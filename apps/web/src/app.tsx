import { Center, Loader, MantineProvider } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './components/error-boundary.js';
import { LanguageProvider } from './i18n/language.js';
import { region } from './page.js';
import { themeOf } from './theme.js';
import { NotFound } from './way-in/not-found.js';
import { SignIn } from './way-in/sign-in.js';

const Area = lazy(async () => ({ default: (await import('./account/area.js')).Area }));
const theme = themeOf(region.accent);

/** The nonce of this answer: the page's policy lets no other style element through. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <Suspense fallback={<Waiting />}>
        <LanguageProvider>
          <ErrorBoundary>
            <Suspense fallback={<Waiting />}>
              <Switch>
                <Route path="/sign-in" component={SignIn} />
                <Route path="/" component={Area} />
                <Route path="/a/:account/*?" component={Area} />
                <Route path="/me/*?" component={Area} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </LanguageProvider>
      </Suspense>
    </MantineProvider>
  );
}

function Waiting() {
  return (
    <Center flex={1} mih="50dvh">
      <Loader />
    </Center>
  );
}
