/** Who asks for what: what a person is shown before she agrees. */
export class OidcInteractionView {
  /** @example "oidc_eu_01k9…" */
  readonly id!: string;
  readonly client!: OidcInteractionClient;
  /** What is asked for, words of OpenID Connect; `openid` is always among them. */
  readonly scopes!: string[];
  /** What the application says to be told of whom it expects; nothing that was proved. */
  readonly loginHint!: string | null;
  readonly expiresAt!: string;
}

/** The application that asks. */
export class OidcInteractionClient {
  readonly id!: string;
  readonly name!: string;
  /** Where the person is led back to: the host that stands in the browser then. */
  readonly host!: string;
}

/** Where the browser goes on. */
export class OidcContinuation {
  /** A path of this origin. */
  readonly continueAt!: string;
}
