import { Center, Loader, MantineProvider } from '@mantine/core';
import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './components/error-boundary.js';
import { LanguageProvider } from './i18n/language.js';
import { region, styleNonce } from './page.js';
import { PAGES } from './pages.js';
import { readable, themeOf } from './theme.js';
import { NotFound } from './way-in/not-found.js';

const theme = themeOf(region.accent);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={readable} getStyleNonce={styleNonce}>
      <ErrorBoundary speechless>
        <Suspense fallback={<Waiting />}>
          <LanguageProvider>
            <ErrorBoundary>
              <Suspense fallback={<Waiting />}>
                <Switch>
                  {PAGES.map(({ path, Page }) => (
                    <Route key={String(path)} path={path} component={Page} />
                  ))}
                  <Route component={NotFound} />
                </Switch>
              </Suspense>
            </ErrorBoundary>
          </LanguageProvider>
        </Suspense>
      </ErrorBoundary>
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
