import type { KoaContextWithOIDC } from 'oidc-provider';

/** A word of RFC 6749 and its family: nothing else of an error is shown in a page. */
const ERROR_WORD = /^[a-z_]{1,40}$/;

/** What a browser shows that was sent to us wrongly, and that must not be sent on. Constant text, and a word of the protocol. */
export function showError(ctx: KoaContextWithOIDC, { error }: { readonly error: string }): void {
  page(
    ctx,
    'Not possible',
    `<p>The application that sent you here asked for something that is not possible. Go back to it and try again.</p>
<p><code>${ERROR_WORD.test(error) ? error : 'server_error'}</code></p>`,
  );
}

/** Asks whether to sign out. @param form made by the provider, with what keeps others from sending it */
export function confirmSignOut(ctx: KoaContextWithOIDC, form: string): void {
  page(
    ctx,
    'Sign out',
    `${form}
<p>Do you want to sign out of the applications that you use with Domicile?</p>
<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

/** Where signing out ends when the application named no place of its own. */
export function signedOut(ctx: KoaContextWithOIDC): void {
  page(ctx, 'Signed out', '<p>You are signed out. You can close this page.</p>');
}

function page(ctx: KoaContextWithOIDC, title: string, content: string): void {
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} – Domicile</title></head>
<body>
<h1>${title}</h1>
${content}
</body>
</html>
`;
}
