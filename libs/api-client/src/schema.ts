/** The API as types. Written by `npm run generate` from docs/openapi.json; not to be edited. */

export type paths = {
    "/.well-known/domicile/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that receipts of this origin's region are, and were, signed with. */
        get: operations["getReceiptKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive; no database is asked. */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which of the served regions' databases answer, rows and keys. 200 even without: a restart would not bring a database back. */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account that you belong to. */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Give an account another name; for its owners and admins. */
        patch: operations["changeAccount"];
        trace?: never;
    };
    "/v1/accounts/{id}/billing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom the bills of an account go to; for owners and billing. Unknown before it is filled in. */
        get: operations["getBilling"];
        /** Fill it in; for owners and billing. The ETag is the account's own. Numbers of payment cards are refused. */
        put: operations["changeBilling"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/closing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close an account: it can only be read from now on, and is to be erased in 30 days. For owners, just proved. */
        post: operations["closeAccount"];
        /** Take the closing of an account back; for owners. */
        delete: operations["reopenAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The mail domains that the account claims, 20 at most; for owners and admins. */
        get: operations["listDomains"];
        put?: never;
        /** Claim a mail domain, to publish the record that is answered; for owners and admins, just proved. */
        post: operations["claimDomain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/domains/{domainId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Give a domain up: nobody signs in under it any more. For owners and admins, just proved. */
        delete: operations["removeDomain"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/domains/{domainId}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a claimed domain verified: its record is looked for now, and every day from then on. For owners and admins, just proved. */
        post: operations["verifyDomain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations that nobody has answered yet; for owners and admins. */
        get: operations["listInvitations"];
        put?: never;
        /** Invite somebody by e-mail; for owners and admins. The answer is the same for every address; a code is mailed to it. */
        post: operations["invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take an invitation back: its code is worth nothing from now on. */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/ownership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make somebody in the account its owner in your place; you stay as an admin. For owners, just proved. */
        post: operations["transferOwnership"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people in an account, in the order in which they joined. A `member` sees the others masked. */
        get: operations["listPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/people/{personId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. */
        get: operations["getMember"];
        put?: never;
        post?: never;
        /** Remove a person from an account; for owners and admins. Her tokens for it end with that. */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /** Give a person another role; for owners and admins. Who owns the account is for its owners alone, just proved. */
        patch: operations["changeRole"];
        trace?: never;
    };
    "/v1/accounts/{id}/people/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Leave an account. Your tokens for it end with that; its last owner stays. */
        delete: operations["leaveAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an account asks of the sessions that enter it. */
        get: operations["getPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change it; for owners, just proved, whose own session is good enough for it. */
        patch: operations["changePolicy"];
        trace?: never;
    };
    "/v1/accounts/{id}/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account's own OpenID provider, without its secret; for owners and admins. Unknown before one is set. */
        get: operations["getProvider"];
        /**
         * Set it: it is read first, and must be one. The ETag is the account's own. For owners, just proved: who sets the provider can come in
         *     as anybody in the account.
         */
        put: operations["setProvider"];
        post?: never;
        /** Remove it; its sessions open the account no longer. For owners, just proved. */
        delete: operations["removeProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/provider/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test it: it is read anew, with its keys. For owners, just proved. */
        post: operations["testProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/residency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the data of your account is: measured now, signed, and able to say no. */
        get: operations["getResidencyReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/security-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to who may do what in an account; for its owners and admins. Newest first, to look at. With
         *     `Accept: application/x-ndjson` oldest first, one JSON object a line, for a system of yours: ask with the id of the last line that it
         *     has as `cursor`, and it misses none. Those lines are a minute old when they are given, as one that is still being written might
         *     otherwise come to stand before one that you have.
         */
        get: operations["getAccountSecurityLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account's tokens, without their secrets; for owners and admins. */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a secret that reads this account, for a program; for owners and admins, just proved. It ends when it expires or is revoked, and
         *     with its maker's part in the account.
         */
        post: operations["makeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token: its secret is worth nothing from now on. */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/address-changes/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a change of address with the code from the mail to the address from before. Ends every session, and begins a recovery. */
        post: operations["undoAddressChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{id}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an invitation with the mailed code; your own address must be the invited one. */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{id}/declination": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline an invitation with the mailed code: it is removed. */
        post: operations["declineInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are: person, accounts and session. */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what you are called. */
        patch: operations["changeMe"];
        trace?: never;
    };
    "/v1/me/address-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for another address; a code is mailed there. The answer is the same whether it is free or taken. */
        post: operations["startAddressChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/address-changes/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm another address with the mailed code; sign in with it from now on. The one from before is told, and can undo it for 7 days. */
        post: operations["confirmAddressChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Applications that you sign in to with your account here, and what each may read. */
        get: operations["listApplications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/applications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End what you agreed to with one: its tokens are worth nothing from now on, and it must ask you again. */
        delete: operations["revokeApplication"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you can prove yourself with. */
        get: operations["getFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkey-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to make a passkey. It is good for five minutes and one answer. */
        post: operations["passkeyOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a passkey. Every other session of yours ends, and a sign-in with your password asks for a second step from now on. */
        post: operations["addPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of your passkeys. */
        get: operations["getPasskey"];
        put?: never;
        post?: never;
        /** Remove a passkey. Every other session of yours ends. */
        delete: operations["removePasskey"];
        options?: never;
        head?: never;
        /** Call a passkey something else. */
        patch: operations["changePasskey"];
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set another password, shortly after you have signed in. Ends every other session. */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How you want to be spoken to. */
        get: operations["getPreferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change it. */
        patch: operations["changePreferences"];
        trace?: never;
    };
    "/v1/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ten new recovery codes in the place of those that were left. Every other session of yours ends. */
        post: operations["makeRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/security-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to how you sign in, newest first. */
        get: operations["getMySecurityLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A secret for your authenticator app. It counts once you confirm it. */
        post: operations["offerTotp"];
        /** Remove your authenticator app. Every other session of yours ends. */
        delete: operations["removeTotp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/totp/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm that your authenticator app has the secret. Every other session of yours ends, and a sign-in with your password asks for a code from now on. */
        post: operations["confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc-interactions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which application asks for what: to be shown before the person agrees. */
        get: operations["getOidcInteraction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc-interactions/{id}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline, signed in or not: the application is told so and nothing more. The browser then goes to the path of the answer. */
        post: operations["abortOidcInteraction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc-interactions/{id}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agree, as who is signed in. The browser then goes to the path of the answer. */
        post: operations["consentToOidcInteraction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The privacy notice in force. */
        get: operations["currentPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recoveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a new password. The answer is the same for every address; a code is mailed to who has it. */
        post: operations["startRecovery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recoveries/{id}/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new password with the mailed code; ends every session. A second factor stays what it was, and is asked for. */
        post: operations["completeRecovery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The regions to choose from. */
        get: operations["listRegions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/regions/{region}/signups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for an account in a region. The answer is the same for every address; a code is mailed. */
        post: operations["startSignup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where you are signed in, newest first. */
        get: operations["listSessions"];
        put?: never;
        /**
         * Sign in with your address and password. The refusal is the same for an address that is known and one that is not. Who has a
         *     passkey or an authenticator app is asked for it next, at /v1/sign-ins.
         */
        post: operations["beginSession"];
        /** End all of your sessions but this one. */
        delete: operations["revokeOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of your sessions, wherever it is: its secret is worth nothing from now on. */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out: the session in use ends, and its secret is worth nothing from now on. */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove yourself again in your session, with one of password, code or passkey: for ten minutes you may do what asks for it. */
        post: operations["proveYourself"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current/proof/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to prove yourself again with a passkey. */
        post: operations["proofOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the second step with a passkey. */
        post: operations["secondStepWithPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to take the second step with a passkey. */
        post: operations["secondStepOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Complete it with what the provider sent back, in the browser that began it; `id` is the `state`. There is one try. */
        post: operations["completeProviderSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}/recovery-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the second step with a recovery code, which is then used up. */
        post: operations["signInWithRecoveryCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the second step with your authenticator app. */
        post: operations["signInWithTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a passkey. The refusal is the same whatever is wrong. */
        post: operations["signInWithPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to sign in with a passkey, without an address. It is good for five minutes and one answer. */
        post: operations["signInOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in with the provider of your account: keep the sign-in, and go where the answer says. It depends on the domain of the
         *     address alone, and is the same whether or not there is such a person.
         */
        post: operations["beginProviderSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signups/{id}/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm a signup with the mailed code and a password or a passkey; makes the account and signs in. */
        post: operations["confirmSignup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signups/{id}/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the mail of a signup sent again, with another code: the last one counts. */
        post: operations["remailSignup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signups/{id}/passkey-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to make a passkey for the confirmation, in the place of a password. */
        post: operations["signupPasskeyOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: {
        AccountLineView: {
            /** @description The person who did it; null where nobody did, as time alone passed. */
            actorId: string | null;
            /**
             * @description ISO 3166-1 code of the country; null where it is not known.
             * @example SE
             */
            country: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description Browser and system; null where they are not known.
             * @example Firefox on Windows
             */
            device: string | null;
            /** @description Goes on after it as `cursor`. */
            id: string;
            /**
             * @description What happened: one of a closed list of words; a word never changes its meaning, and more will come.
             * @example session.began
             */
            kind: string;
            /** @description What it was done to; null where it is the account itself. */
            subjectId: string | null;
        };
        AccountLog: {
            /** @description Newest first. */
            events: components["schemas"]["AccountLineView"][];
            /** @description Ask with it as `cursor` for older ones; null at the end. */
            next: string | null;
        };
        AccountPolicyView: {
            /** @description Whether sessions must be begun with the account's own provider; an owner with a second factor gets in all the same. */
            ownProviderRequired: boolean;
            /** @description Whether a password alone is not enough; a passkey is. */
            secondFactorRequired: boolean;
            /** @description Hours after its last proof when a session must be proved anew; null for no limit of its own. */
            sessionAbsoluteHours: number | null;
            /** @description Minutes without a request after which a session must be begun anew; null for no limit of its own. */
            sessionIdleMinutes: number | null;
        };
        AccountRef: {
            id: string;
        };
        AccountView: {
            /**
             * Format: date-time
             * @description When it is to be erased; only while it is `closing`.
             */
            closingAt?: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Code of the region that hosts the account, for good. */
            hostingRegion: string;
            id: string;
            name: string;
            /**
             * @description What that part lets you do beside reading the account and leaving it, by name; more names will come. Of an API token none: it may do
             *     what it was made for.
             * @example [
             *       "people.read",
             *       "receipt.read"
             *     ]
             */
            permissions: ("account.rename" | "account.close" | "billing.read" | "billing.change" | "people.read" | "people.invite" | "people.remove" | "people.change_role" | "people.change_owners" | "policy.change" | "domains.manage" | "provider.read" | "provider.change" | "tokens.manage" | "log.read" | "receipt.read")[];
            /** @description Your part in it: `owner`, `admin`, `billing` or `member`; of an API token, that of who made it. */
            role: string;
            /** @description `active`, `restricted`, `suspended`, `closing` or `erased`. */
            status: string;
        };
        AddPasskey: {
            /**
             * @description What you call it; may be left out.
             * @example My phone
             */
            label?: string | null;
            passkey: components["schemas"]["NewPasskey"];
        };
        AddressChangeAnswer: {
            addressChange: components["schemas"]["AskedAddressChangeView"];
        };
        AnswerInvitation: {
            /**
             * @description The eight digits of the mail.
             * @example 01234567
             */
            code: string;
        };
        ApplicationPage: {
            applications: components["schemas"]["ApplicationView"][];
            next: string | null;
        };
        ApplicationView: {
            /**
             * Format: date-time
             * @description The last time.
             */
            agreedAt: string;
            client: components["schemas"]["OidcInteractionClient"];
            /** @description Of what you agreed to with it. */
            id: string;
            /**
             * Format: date-time
             * @description When it last took a token, exact to five minutes; null when it never did.
             */
            lastUsedAt: string | null;
            /**
             * @description What you agreed to, words of OpenID Connect.
             * @example [
             *       "openid",
             *       "email"
             *     ]
             */
            scopes: string[];
        };
        AskedAddressChangeView: {
            /**
             * Format: date-time
             * @description Until when it can be confirmed.
             */
            expiresAt: string;
            id: string;
        };
        AskedRecoveryView: {
            /**
             * Format: date-time
             * @description Until when it can be completed.
             */
            expiresAt: string;
            id: string;
        };
        AskForAddressChange: {
            /**
             * @description The address to be. A code is sent there; it must be yours alone.
             * @example ada@example.org
             */
            email: string;
        };
        AskForRecovery: {
            /**
             * @description Your e-mail address.
             * @example ada@example.org
             */
            email: string;
        };
        AskForSignup: {
            /**
             * @description `version` of the privacy notice that you have read and accept, from GET /v1/policies/current.
             * @example 2026-11-01
             */
            acceptedPolicyVersion: string;
            /**
             * @description What the account is called: your company, or you. Kept exactly as given.
             * @example Analytical Engines Ltd
             */
            accountName: string;
            /**
             * @description What you want to be called; may be left out.
             * @example Ada
             */
            displayName?: string | null;
            /**
             * @description Your e-mail address. The code is sent there; it must be yours alone.
             * @example ada@example.org
             */
            email: string;
            /**
             * @description Language of the mails that you get; English when left out.
             * @example de
             * @enum {string|null}
             */
            language?: "en" | "de" | null;
        };
        AskForSignupPasskey: {
            /**
             * @description The eight digits from the mail.
             * @example 12345678
             */
            code: string;
        };
        AssertionResponse: {
            authenticatorData: string;
            clientDataJSON: string;
            signature: string;
            userHandle?: string | null;
        };
        AttestationResponse: {
            attestationObject: string;
            /** @description Read from the attestation object, not from here. */
            authenticatorData?: string;
            clientDataJSON: string;
            /** @description Read from the attestation object, not from here. */
            publicKey?: string;
            /** @description Read from the attestation object, not from here. */
            publicKeyAlgorithm?: number;
            transports?: string[];
        };
        AttestedFact: {
            by: string;
            fact: string;
            value: string;
        };
        AuthenticatorSelection: {
            requireResidentKey: boolean;
            /** @enum {string} */
            residentKey: "required";
            /** @enum {string} */
            userVerification: "required";
        };
        BeginProviderSignIn: {
            /**
             * @description Your e-mail address; only its domain is looked at.
             * @example ada@example.org
             */
            email: string;
        };
        BillingView: {
            /**
             * @description 1 to 6 lines, without the country.
             * @example [
             *       "1 Dorset Street",
             *       "London"
             *     ]
             */
            addressLines: string[];
            /**
             * @description ISO 3166-1 alpha-2.
             * @example DE
             */
            country: string;
            /**
             * @description The name that the bill is made out to.
             * @example Analytical Engines Ltd
             */
            legalName: string;
            /**
             * @description VAT identification number, EIN or the like, in the form of that country; null for none.
             * @example DE123456789
             */
            taxId: string | null;
        };
        ChangeAccount: {
            /**
             * @description What the account is called from now on. Kept exactly as given.
             * @example Analytical Engines Ltd
             */
            name: string;
        };
        ChangedAddressView: {
            /** @description As typed; sign in with it from now on. */
            email: string;
            /**
             * Format: date-time
             * @description Until when the owner of the address from before can undo the change.
             */
            undoUntil: string;
        };
        ChangeMe: {
            /**
             * @description What you want to be called; null for nothing.
             * @example Ada
             */
            displayName: string | null;
        };
        ChangePasskey: {
            /**
             * @description What you call it from now on; null for nothing.
             * @example My phone
             */
            label: string | null;
        };
        ChangePassword: {
            /**
             * Format: password
             * @description A password of your own, as at the signup.
             * @example correct horse battery staple
             */
            password: string;
        };
        ChangePolicy: {
            /** @description Whether sessions must be begun with the account's own provider. Your own session must have been. */
            ownProviderRequired?: boolean;
            /** @description Whether a password alone is not enough; a passkey is. Your own session must have what you ask for. */
            secondFactorRequired?: boolean;
            /** @description Hours after its last proof when a session must be proved anew; null for no limit of its own. */
            sessionAbsoluteHours?: number | null;
            /** @description Minutes without a request after which a session must be begun anew; null for no limit of its own. */
            sessionIdleMinutes?: number | null;
        };
        ChangePreferences: {
            /**
             * @description Of the mails to you.
             * @enum {string}
             */
            language?: "en" | "de";
            /**
             * @description A name of the IANA time zone database.
             * @example Europe/Berlin
             */
            timeZone?: string;
        };
        ChangeRole: {
            /**
             * @description What the person is in the account from now on.
             * @enum {string}
             */
            role: "owner" | "admin" | "billing" | "member";
        };
        ClaimDomain: {
            /**
             * @description What stands behind the @ in its people's addresses.
             * @example example.org
             */
            domain: string;
        };
        ClosingView: {
            /**
             * Format: date-time
             * @description When it is to be erased; until then the closing can be taken back.
             */
            closingAt: string;
        };
        CompleteProviderSignIn: {
            /** @description `code` of the query. */
            code: string;
            /** @description `iss` of the query, where there is one (RFC 9207). */
            iss?: string;
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        CompleteRecovery: {
            /**
             * @description The eight digits from the mail, or the code in its link.
             * @example 12345678
             */
            code: string;
            /**
             * @description `bearer` shows you the device's token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            deviceForm: "bearer" | "cookie";
            /**
             * Format: password
             * @description A password of your own, as at the signup.
             * @example correct horse battery staple
             */
            password: string;
            /** @description Needed when you have a second factor: `recovery.factor_needed` names which. */
            secondFactor?: components["schemas"]["SecondFactor"];
        };
        ConfirmAddressChange: {
            /**
             * @description The eight digits from the mail.
             * @example 12345678
             */
            code: string;
        };
        ConfirmationAnswer: {
            account: components["schemas"]["NewAccountView"];
            person: components["schemas"]["PersonView"];
            session: components["schemas"]["NewSessionView"];
        };
        ConfirmSignup: {
            /**
             * @description The eight digits from the mail.
             * @example 12345678
             */
            code: string;
            /** @description A passkey made in answer to POST /v1/signups/{id}/passkey-options. */
            passkey?: components["schemas"]["NewPasskey"];
            /**
             * Format: password
             * @description A password of your own: 15 to 1024 characters, any of them; not one known from breaches, nor made of your address or names.
             * @example correct horse battery staple
             */
            password?: string;
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        ConfirmTotp: {
            /**
             * @description The six digits that the app shows now.
             * @example 123456
             */
            code: string;
        };
        DomainList: {
            domains: components["schemas"]["DomainView"][];
        };
        DomainRecordView: {
            /** @example _domicile-challenge.example.org */
            name: string;
            /** @example TXT */
            type: string;
            /**
             * @description The whole text of one record; others of the same name do not matter.
             * @example domicile-verification=xx.0123456789abcdefghijklmnopqrstuv
             */
            value: string;
        };
        DomainView: {
            /** Format: date-time */
            createdAt: string;
            /**
             * @description In A-labels.
             * @example example.org
             */
            domain: string;
            id: string;
            /**
             * Format: date-time
             * @description When it is pending again unless the record comes back.
             */
            lapsesAt: string | null;
            /** Format: date-time */
            missingSince: string | null;
            record: components["schemas"]["DomainRecordView"];
            /**
             * @description `pending` counts for nothing yet; `missing` still counts, but its record was not found lately.
             * @enum {string}
             */
            status: "pending" | "verified" | "missing";
            /** Format: date-time */
            verifiedAt: string | null;
        };
        FactorsView: {
            hasPassword: boolean;
            /** @description Codes from an authenticator app. */
            hasTotp: boolean;
            /** @description Oldest first, 20 at most. */
            passkeys: components["schemas"]["PasskeyView"][];
            /** @description How many recovery codes are left. */
            recoveryCodesLeft: number;
        };
        FieldProblem: {
            code: string;
            message: string;
            /** @description RFC 6901 pointer to a declared field; empty for the whole body. */
            pointer: string;
        };
        FingerprintedKeyView: {
            /** @enum {string} */
            algorithm: "Ed25519";
            /** Format: date-time */
            from: string;
            keyId: string;
            /** @description SPKI DER as base64. */
            publicKey: string;
            /** @description SHA-256 of the SPKI DER. */
            sha256: string;
            /**
             * Format: date-time
             * @description Once a newer key has taken over.
             */
            until?: string;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        HostingRegion: {
            code: string;
            /** @description Where to send the request. */
            origin: string;
        };
        InvitationAccepted: {
            account: components["schemas"]["JoinedAccount"];
            role: string;
        };
        InvitationMade: {
            /** Format: date-time */
            expiresAt: string;
            id: string;
            role: string;
        };
        InvitationsPage: {
            invitations: components["schemas"]["InvitationView"][];
            next: string | null;
        };
        InvitationView: {
            /** Format: date-time */
            createdAt: string;
            /** @description As typed. */
            email: string;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            /** @description Person who invites. */
            invitedBy: string;
            role: string;
        };
        Invite: {
            /**
             * @description To whom the invitation is mailed.
             * @example grace@example.org
             */
            email: string;
            /**
             * @description What she is to be in the account.
             * @enum {string}
             */
            role: "owner" | "admin" | "billing" | "member";
        };
        JoinedAccount: {
            /** @description Code of the region that hosts the account, for good. */
            hostingRegion: string;
            id: string;
        };
        KnownDeviceView: {
            /** Format: date-time */
            expiresAt: string;
            /** @description The secret: send it as `Device-Token` with every sign-in from this device, unless a browser keeps it as a cookie. It is shown this once, and opens nothing by itself. */
            token: string;
        };
        MakeToken: {
            /** @example 90 */
            expiresInDays: number;
            /**
             * @description What it is for, in your words.
             * @example Nightly report
             */
            name: string;
            /** @description What it may read. */
            scopes: ("account.read" | "people.read" | "log.read" | "receipt.read")[];
        };
        Me: {
            /** @description The accounts that you belong to, 100 at most. */
            accounts: components["schemas"]["AccountRef"][];
            person: components["schemas"]["PersonView"];
            session: components["schemas"]["SessionView"];
        };
        MeasuredFact: {
            fact: string;
            holds: boolean;
            /** Format: date-time */
            measuredAt: string;
            value: string;
        };
        MemberView: {
            /** @description Masked likewise. */
            displayName: string | null;
            /** @description As typed; for the eyes of a `member` masked, but for her own. */
            email: string;
            /** Format: date-time */
            joinedAt: string;
            personId: string;
            /** @description `owner`, `admin`, `billing` or `member`. */
            role: string;
        };
        NewAccountView: {
            /** @description Code of the region that hosts the account, for good. */
            hostingRegion: string;
            id: string;
            name: string;
        };
        NewPasskey: {
            authenticatorAttachment?: string | null;
            clientExtensionResults: {
                [key: string]: unknown;
            };
            id: string;
            rawId: string;
            response: components["schemas"]["AttestationResponse"];
            /** @enum {string} */
            type: "public-key";
        };
        NewSessionView: {
            /** Format: date-time */
            expiresAt: string;
            id: string;
            /** @description The secret: send it as `Authorization: Bearer …`. It is shown this once and stored nowhere; not shown at all when it went into a cookie. */
            token?: string;
        };
        OidcContinuation: {
            /** @description A path of this origin. */
            continueAt: string;
        };
        OidcInteractionClient: {
            /** @description Where the person is led back to: the host that stands in the browser then. */
            host: string;
            id: string;
            name: string;
        };
        OidcInteractionView: {
            client: components["schemas"]["OidcInteractionClient"];
            expiresAt: string;
            /** @example oidc_eu_01k9… */
            id: string;
            /** @description What the application says to be told of whom it expects; nothing that was proved. */
            loginHint: string | null;
            /** @description What is asked for, words of OpenID Connect; `openid` is always among them. */
            scopes: string[];
        };
        OriginsView: {
            /** @description Where customers send everything of this region. */
            customer: string;
            staff: string;
        };
        OwnerView: {
            /**
             * @description ISO 3166-1 alpha-2.
             * @example DE
             */
            country: string;
            name: string;
        };
        PasskeyAlgorithm: {
            alg: number;
            /** @enum {string} */
            type: "public-key";
        };
        PasskeyAnswer: {
            authenticatorAttachment?: string | null;
            clientExtensionResults: {
                [key: string]: unknown;
            };
            id: string;
            rawId: string;
            response: components["schemas"]["AssertionResponse"];
            /** @enum {string} */
            type: "public-key";
        };
        PasskeyCreationOptions: {
            /** @enum {string} */
            attestation: "none";
            authenticatorSelection: components["schemas"]["AuthenticatorSelection"];
            challenge: string;
            excludeCredentials: components["schemas"]["PasskeyDescriptor"][];
            pubKeyCredParams: components["schemas"]["PasskeyAlgorithm"][];
            rp: components["schemas"]["RelyingParty"];
            /** @description Milliseconds. */
            timeout: number;
            user: components["schemas"]["PasskeyUser"];
        };
        PasskeyDescriptor: {
            id: string;
            transports: string[];
            /** @enum {string} */
            type: "public-key";
        };
        PasskeyRequestOptions: {
            /** @description Empty where any passkey of the region will do. */
            allowCredentials: components["schemas"]["PasskeyDescriptor"][];
            challenge: string;
            rpId: string;
            /** @description Milliseconds. */
            timeout: number;
            /** @enum {string} */
            userVerification: "required";
        };
        PasskeyUser: {
            displayName: string;
            id: string;
            name: string;
        };
        PasskeyView: {
            /** Format: date-time */
            createdAt: string;
            id: string;
            label: string | null;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        PendingProviderSignInView: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Comes back from the provider as `state`. */
            id: string;
            /** @description The secret of this sign-in, for the browser that began it: send it as `Authorization: Bearer …` with the provider's answer. It is shown this once. */
            token: string;
        };
        PendingSignInView: {
            /**
             * Format: date-time
             * @description Until when; five tries are enough for it to end before.
             */
            expiresAt: string;
            /**
             * @description What the second step can be taken with, any of them.
             * @example [
             *       "totp"
             *     ]
             */
            factors: ("password" | "passkey" | "totp" | "recovery_code" | "own_provider")[];
            id: string;
            /** @description The secret of this sign-in: send it as `Authorization: Bearer …` with the second step. It is shown this once. */
            token: string;
        };
        PendingSignupView: {
            /**
             * Format: date-time
             * @description Until when the mailed code can be used; another one is mailed on demand.
             */
            codeExpiresAt: string;
            /**
             * Format: date-time
             * @description Until when it can be confirmed, with a code that has not expired.
             */
            expiresAt: string;
            /** @description Code of the region that will host the account, for good. */
            hostingRegion: string;
            id: string;
        };
        PeoplePage: {
            next: string | null;
            people: components["schemas"]["MemberView"][];
        };
        PersonLineView: {
            /**
             * @description ISO 3166-1 code of the country; null where it is not known.
             * @example SE
             */
            country: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description Browser and system; null where they are not known.
             * @example Firefox on Windows
             */
            device: string | null;
            /** @description Goes on after it as `cursor`. */
            id: string;
            /**
             * @description What happened: one of a closed list of words; a word never changes its meaning, and more will come.
             * @example session.began
             */
            kind: string;
            /** @description The session that it is about, or in which it happened. */
            sessionId: string | null;
        };
        PersonLog: {
            /** @description Newest first. */
            events: components["schemas"]["PersonLineView"][];
            /** @description Ask with it as `cursor` for older ones; null at the end. */
            next: string | null;
        };
        PersonView: {
            displayName: string | null;
            /** @description As typed. */
            email: string;
            id: string;
        };
        PolicyView: {
            /** Format: date */
            effectiveFrom: string;
            /** @example privacy-notice */
            kind: string;
            /** @description SHA-256 of `text` in UTF-8, hex: what an acceptance records. */
            sha256: string;
            /** @description Markdown. */
            text: string;
            /** @description The same to read by: neither accepted nor part of what is hashed. */
            translations: components["schemas"]["TranslationView"][];
            /**
             * @description What a signup sends as `acceptedPolicyVersion`.
             * @example 2026-11-01
             */
            version: string;
        };
        PreferencesView: {
            /**
             * @description Of the mails to you.
             * @enum {string}
             */
            language: "en" | "de";
            /** @description A name of the IANA time zone database. */
            timeZone: string;
        };
        ProblemDocument: {
            /** @description `area.reason`; does not change, unlike the words. */
            code: string;
            detail: string;
            /** @description The fields that were refused. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description With `recovery.factor_needed`: the factors of which one is to be proved. */
            factors?: ("password" | "passkey" | "totp" | "recovery_code" | "own_provider")[];
            /** @description On 421 answers, when the request names a known region. */
            hostingRegion?: components["schemas"]["HostingRegion"];
            /** @description On 5xx answers: quote it when you ask for help. */
            requestId?: string;
            status: number;
            title: string;
            /** @example urn:domicile:error:residency.not_found */
            type: string;
        };
        ProofView: {
            session: components["schemas"]["ProvenSessionView"];
        };
        ProvenSessionView: {
            /**
             * Format: date-time
             * @description When you last proved who you are.
             */
            authenticatedAt: string;
            /** Format: date-time */
            expiresAt: string;
            /**
             * @description What you proved it with so far, in order.
             * @example [
             *       "totp"
             *     ]
             */
            factors: ("password" | "passkey" | "totp" | "recovery_code" | "own_provider")[];
            id: string;
            /** @description The secret: send it as `Authorization: Bearer …`. It is shown this once and stored nowhere; not shown at all when it went into a cookie. */
            token?: string;
        };
        ProveYourself: {
            passkey?: components["schemas"]["PasskeyAnswer"];
            /** Format: password */
            password?: string;
            /**
             * @description The six digits that your authenticator app shows now.
             * @example 123456
             */
            totp?: string;
        };
        ProviderSignInBegun: {
            /** @description Where the browser goes next: the provider's own sign-in. */
            continueAt: string;
            signIn: components["schemas"]["PendingProviderSignInView"];
        };
        ProviderView: {
            /** @example domicile */
            clientId: string;
            /** @example https://login.example.org */
            issuer: string;
            /** @description What to register there; the same for every account of the region. */
            redirectUri: string;
        };
        Readiness: {
            /** @description By region code: `up` or `away`. */
            regions: {
                [key: string]: "up" | "away";
            };
            /**
             * @description `degraded` while at least one region's database is away: the process still serves the others.
             * @enum {string}
             */
            status: "ready" | "degraded";
        };
        ReceiptAccount: {
            /** @description Id of the key that its personal fields are sealed under. */
            dataKey: string;
            id: string;
            /** @description Tables that hold no id of the account or its people, and so are in no count. */
            notCounted: string[];
            rows: components["schemas"]["ReceiptRows"][];
        };
        ReceiptDatabase: {
            /** @description Random, given at its sealing, for life. */
            database: string;
            /** @description Counts re-sealings. */
            epoch: number;
            /** Format: date-time */
            sealedAt: string;
            /** @description PostgreSQL's identity of the server. */
            systemIdentifier: string;
        };
        ReceiptEnvelope: {
            /** @description base64 of a ResidencyReceipt as JSON: exactly the bytes that were signed. */
            payload: string;
            /** @enum {string} */
            payloadType: "application/vnd.domicile.residency-receipt+json";
            /** @description Exactly one. */
            signatures: components["schemas"]["ReceiptSignature"][];
        };
        ReceiptIssuer: {
            jurisdiction: string;
            name: string;
            number: number;
            origin: string;
            owner: components["schemas"]["ReceiptOwner"];
            region: string;
        };
        ReceiptKeyHistory: {
            keys: components["schemas"]["FingerprintedKeyView"][];
            region: string;
            /** @description The one that signs now. */
            signingKeyId: string;
        };
        ReceiptKeyView: {
            /** Format: date-time */
            from: string;
            keyId: string;
            /** @description SPKI DER as base64. */
            publicKey: string;
            /**
             * Format: date-time
             * @description Once a newer key has taken over.
             */
            until?: string;
        };
        ReceiptOwner: {
            /** @description ISO 3166-1 alpha-2. */
            country: string;
            name: string;
        };
        ReceiptRows: {
            /** @description How many of them have ids of this region alone. */
            home: number;
            rows: number;
            table: string;
            /**
             * @description The account's own rows, or those of the people in it.
             * @enum {string}
             */
            tie: "account" | "people";
        };
        ReceiptSignature: {
            /** @description Id of the key: the first half of its SHA-256 fingerprint. */
            keyid: string;
            /** @description Ed25519, 64 bytes as base64. */
            sig: string;
        };
        RecoveryAnswer: {
            recovery: components["schemas"]["AskedRecoveryView"];
        };
        RecoveryCodesView: {
            /** @description Ten codes; each stands in once for your authenticator app or passkey. Keep them on paper, or where you keep passwords. */
            codes: string[];
        };
        RecoveryCompleted: {
            /** @description Absent when it went into a cookie. */
            device?: components["schemas"]["KnownDeviceView"];
            person: components["schemas"]["SignedInPerson"];
        };
        RegionList: {
            regions: components["schemas"]["RegionView"][];
        };
        RegionView: {
            /** @description `#rrggbb`, to tell regions apart at a glance. */
            accent: string;
            /** @description Stands in ids, paths and secrets. */
            code: string;
            /** @description ISO 3166-1 alpha-2. */
            countries: string[];
            /** @description Where the data lies, as the operator attests. */
            dataCentres: string;
            jurisdiction: string;
            name: string;
            /** @description Stands in the bytes of every id; never used again for another region. */
            number: number;
            origins: components["schemas"]["OriginsView"];
            owner: components["schemas"]["OwnerView"];
            /** @description What its receipts are, and were, signed with; oldest first. */
            receiptKeys: components["schemas"]["ReceiptKeyView"][];
            /** @description True when the process that answered serves it itself. */
            served: boolean;
        };
        RelyingParty: {
            /** @description Host of the region's origin: a passkey of one region is unknown to the other. */
            id: string;
            name: string;
        };
        RemailedSignup: {
            signup: components["schemas"]["RemailedSignupView"];
        };
        RemailedSignupView: {
            /**
             * Format: date-time
             * @description Until when the code in the new mail can be used.
             */
            codeExpiresAt: string;
            hostingRegion: string;
            id: string;
        };
        ResidencyReceipt: {
            account: components["schemas"]["ReceiptAccount"];
            attested: components["schemas"]["AttestedFact"][];
            /** @description One sentence for each fact that does not; empty when it holds. */
            because: string[];
            /** @description Null when the database could not be proven. */
            database: components["schemas"]["ReceiptDatabase"] | null;
            environment: string;
            format: number;
            /** @description True when every measured fact holds. */
            holds: boolean;
            /** Format: date-time */
            issuedAt: string;
            issuer: components["schemas"]["ReceiptIssuer"];
            measured: components["schemas"]["MeasuredFact"][];
            stack: string;
            /**
             * @description `separate`: the process holds this region alone; `combined`: several, for development and tests.
             * @enum {string}
             */
            topology: "separate" | "combined";
            /**
             * Format: date-time
             * @description Until then it may be shown as current.
             */
            validUntil: string;
        };
        SecondFactor: {
            /**
             * @description What proves it.
             * @example 123456
             */
            code: string;
            /**
             * @example totp
             * @enum {string}
             */
            kind: "password" | "passkey" | "totp" | "recovery_code" | "own_provider";
        };
        SecondStepNeeded: {
            signIn: components["schemas"]["PendingSignInView"];
        };
        SessionEntryView: {
            /**
             * Format: date-time
             * @description When you last proved in it who you are.
             */
            authenticatedAt: string;
            /**
             * @description ISO 3166-1 code of the country where it began; null where it is not known.
             * @example SE
             */
            country: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description True for the session that asks. */
            current: boolean;
            /**
             * @description Browser and system where it began; null where they are not known.
             * @example Firefox on Windows
             */
            device: string | null;
            /** Format: date-time */
            expiresAt: string;
            /**
             * @description What you proved it with, in order.
             * @example [
             *       "password"
             *     ]
             */
            factors: string[];
            id: string;
            /**
             * Format: date-time
             * @description When it was last used, within five minutes.
             */
            lastSeenAt: string;
        };
        SessionPage: {
            /** @description Ask with it as `cursor` for older ones; null at the end. */
            next: string | null;
            /** @description Newest first. */
            sessions: components["schemas"]["SessionEntryView"][];
        };
        SessionView: {
            /** Format: date-time */
            expiresAt: string;
            id: string;
        };
        SetProvider: {
            /**
             * @description What it calls us.
             * @example domicile
             */
            clientId: string;
            /**
             * Format: password
             * @description Kept sealed, and shown to nobody again.
             */
            clientSecret: string;
            /**
             * @description Its https address, as it writes it itself.
             * @example https://login.example.org
             */
            issuer: string;
        };
        SignedIn: {
            /** @description Absent when you presented a device that is known already, and when it went into a cookie. */
            device?: components["schemas"]["KnownDeviceView"];
            person: components["schemas"]["SignedInPerson"];
            session: components["schemas"]["NewSessionView"];
        };
        SignedInPerson: {
            id: string;
        };
        SignInWithPasskey: {
            passkey: components["schemas"]["PasskeyAnswer"];
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        SignInWithPassword: {
            /**
             * @description Your e-mail address.
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: password
             * @description Your password; one that no account can have is wrong like any other.
             * @example correct horse battery staple
             */
            password: string;
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        SignInWithRecoveryCode: {
            /**
             * @description One of the ten codes; case, spaces and hyphens do not matter.
             * @example k3v9-0mxa-t7qd
             */
            code: string;
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        SignInWithTotp: {
            /**
             * @description The six digits that the app shows now; each counts once.
             * @example 123456
             */
            code: string;
            /**
             * @description `bearer` shows you the token; `cookie` puts it where only your browser can use it, and shows it to nobody.
             * @default bearer
             * @enum {string}
             */
            sessionForm: "bearer" | "cookie";
        };
        SignupAnswer: {
            signup: components["schemas"]["PendingSignupView"];
        };
        TokenMade: {
            /** Format: date-time */
            expiresAt: string;
            id: string;
            /** @description The secret: send it as `Authorization: Bearer …`. It is shown this once and stored nowhere. */
            token: string;
        };
        TokensPage: {
            next: string | null;
            tokens: components["schemas"]["TokenView"][];
        };
        TokenView: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            /**
             * Format: date-time
             * @description Exact to five minutes; null when it was never used.
             */
            lastUsedAt: string | null;
            /** @description Person who made it. */
            madeBy: string;
            name: string;
            scopes: string[];
        };
        TotpOffer: {
            /** @description The same as a picture to be scanned: one SVG element. */
            qrCode: string;
            /** @description Base32, for typing. */
            secret: string;
            /** @description The same as an address that apps open. It names the region, and nothing of you. */
            uri: string;
        };
        TransferOwnership: {
            /** @description Somebody in the account. */
            personId: string;
        };
        TranslationView: {
            /**
             * @description ISO 639-1.
             * @example de
             */
            language: string;
            /** @description Markdown. */
            text: string;
        };
        UndoAddressChange: {
            /**
             * @description The code from the mail that announced the change.
             * @example oKq3Zk0cYt0bHn1r2sVwXyZ_-aBcDeFg
             */
            code: string;
        };
        UndoneAddressChange: {
            recovery: components["schemas"]["AskedRecoveryView"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type $defs = Record<string, never>;
export interface operations {
    getReceiptKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptKeyHistory"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getBilling: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeBilling: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BillingView"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    closeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    reopenAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listDomains: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainList"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    claimDomain: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimDomain"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeDomain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                domainId: string;
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    verifyDomain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                domainId: string;
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationsPage"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    invite: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationMade"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
                /** @description An id of this region. */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    transferOwnership: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferOwnership"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listPeople: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeoplePage"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
                /** @description An id of this region. */
                personId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
                /** @description An id of this region. */
                personId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeRole: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
                /** @description An id of this region. */
                personId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    leaveAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPolicyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changePolicy: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePolicy"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPolicyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    setProvider: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetProvider"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    testProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getResidencyReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A DSSE envelope; its payload is a ResidencyReceipt. Keep the answer as it is and verify it offline against the keys that the public region file pins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.dsse+json": components["schemas"]["ReceiptEnvelope"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAccountSecurityLog: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the log, or lines of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountLog"];
                    "application/x-ndjson": components["schemas"]["AccountLineView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensPage"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    makeToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMade"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
                /** @description An id of this region. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    undoAddressChange: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoAddressChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndoneAddressChange"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerInvitation"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationAccepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    declineInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerInvitation"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeMe"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    startAddressChange: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForAddressChange"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressChangeAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    confirmAddressChange: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmAddressChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedAddressView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listApplications: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationPage"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorsView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    passkeyOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreationOptions"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    addPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changePasskey: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasskey"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changePreferences: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that the resource was read with: the change is made only if it is still at that version. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePreferences"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The version of what can be changed here; send it as If-Match with the change. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    makeRecoveryCodes: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getMySecurityLog: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonLog"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    offerTotp: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpOffer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    confirmTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmTotp"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getOidcInteraction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcInteractionView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    abortOidcInteraction: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcContinuation"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    consentToOidcInteraction: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcContinuation"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    currentPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    startRecovery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForRecovery"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    completeRecovery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompleteRecovery"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCompleted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listRegions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegionList"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    startSignup: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Code of the region that is to host the account, for good. */
                region: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForSignup"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignupAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    beginSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of a device that you have signed in on before: what strangers try with your address does not touch it. A browser sends it as a cookie instead, never both. */
                "Device-Token"?: string;
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInWithPassword"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description The password was right; take the second step. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondStepNeeded"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    proveYourself: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProveYourself"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofView"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    proofOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    secondStepWithPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInWithPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    secondStepOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    completeProviderSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompleteProviderSignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    signInWithRecoveryCode: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInWithRecoveryCode"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    signInWithTotp: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInWithTotp"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    signInWithPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInWithPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    signInOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    beginProviderSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginProviderSignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderSignInBegun"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    confirmSignup: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmSignup"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    remailSignup: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random key of your own, the same when you send the same request again: it then has its effect once, and for 24 hours its answer is given again with `Idempotency-Replayed: true`. Keep it secret: it opens the answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemailedSignup"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    signupPasskeyOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of this region. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForSignupPasskey"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreationOptions"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
