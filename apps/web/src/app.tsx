import { Center, Loader, MantineProvider } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './components/error-boundary.js';
import { LanguageProvider } from './i18n/language.js';
import { region, styleNonce } from './page.js';
import { readable, themeOf } from './theme.js';
import { NotFound } from './way-in/not-found.js';

/** A page that is loaded when it is gone to. */
function later(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

const Area = later(async () => (await import('./account/area.js')).Area);
const SignUp = later(async () => (await import('./way-in/sign-up.js')).SignUp);
const Confirm = later(async () => (await import('./way-in/confirm.js')).Confirm);
const SignIn = later(async () => (await import('./way-in/sign-in.js')).SignIn);
const Recover = later(async () => (await import('./way-in/recover.js')).Recover);
const Address = later(async () => (await import('./way-in/address.js')).Address);
const Undo = later(async () => (await import('./way-in/undo.js')).Undo);
const Invitations = later(async () => (await import('./way-in/invitations.js')).Invitations);
const ProviderCallback = later(async () => (await import('./way-in/provider-callback.js')).ProviderCallback);
const Application = later(async () => (await import('./way-in/application.js')).Application);
const Privacy = later(async () => (await import('./way-in/privacy.js')).Privacy);
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
                  <Route path="/sign-up" component={SignUp} />
                  <Route path="/confirm" component={Confirm} />
                  <Route path="/sign-in" component={SignIn} />
                  <Route path="/provider-callback" component={ProviderCallback} />
                  <Route path="/recover" component={Recover} />
                  <Route path="/address" component={Address} />
                  <Route path="/undo" component={Undo} />
                  <Route path="/invitations" component={Invitations} />
                  <Route path="/privacy" component={Privacy} />
                  <Route path="/applications/:id" component={Application} />
                  <Route path="/" component={Area} />
                  <Route path="/a/:account/*?" component={Area} />
                  <Route path="/me/*?" component={Area} />
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
