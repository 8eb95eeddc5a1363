/** Every personal field that the product declares: why it is held, whether it may be left out, how long it is kept. Written by `npm run generate`. */
export const PERSONAL_FIELDS = {
  "account.billing": {
    "legalName": {
      "purpose": "to name whom the bill goes to",
      "optional": false,
      "retention": "as long as the account exists"
    },
    "postalAddress": {
      "purpose": "to address the bill",
      "optional": false,
      "retention": "as long as the account exists"
    },
    "billingCountry": {
      "purpose": "to know which tax applies",
      "optional": false,
      "retention": "as long as the account exists"
    },
    "taxId": {
      "purpose": "to state it on the bill",
      "optional": true,
      "retention": "as long as the account exists"
    }
  },
  "account.profile": {
    "name": {
      "purpose": "to name the account to the people in it",
      "optional": false,
      "retention": "as long as the account exists"
    }
  },
  "account_domain.name": {
    "mailDomain": {
      "purpose": "to know whose people sign in with your own provider",
      "optional": false,
      "retention": "until the account removes the domain"
    }
  },
  "account_event.origin": {
    "device": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    },
    "country": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    }
  },
  "address_change.address": {
    "email": {
      "purpose": "to send the code that confirms the change",
      "optional": false,
      "retention": "until the change is over, or a day after it can no longer be undone"
    },
    "previousEmail": {
      "purpose": "to announce the change there, and to bring it back",
      "optional": true,
      "retention": "until the change is over, or a day after it can no longer be undone"
    }
  },
  "api_token.label": {
    "name": {
      "purpose": "to tell your tokens apart",
      "optional": false,
      "retention": "until the token is revoked, or its maker leaves"
    }
  },
  "credential.secret": {
    "secret": {
      "purpose": "to sign in",
      "optional": false,
      "retention": "until it is replaced, or the person is erased"
    }
  },
  "invitation.address": {
    "email": {
      "purpose": "to send the invitation",
      "optional": false,
      "retention": "until the invitation is answered or revoked, or a day after it expired"
    }
  },
  "own_provider.settings": {
    "issuer": {
      "purpose": "to send its people to their own sign-in",
      "optional": false,
      "retention": "until the account sets another one or none"
    },
    "providerClientId": {
      "purpose": "to be known to that provider",
      "optional": false,
      "retention": "until the account sets another one or none"
    },
    "providerClientSecret": {
      "purpose": "to prove ourselves to that provider",
      "optional": false,
      "retention": "until the account sets another one or none"
    }
  },
  "passkey.secret": {
    "credentialId": {
      "purpose": "to sign in with a passkey",
      "optional": false,
      "retention": "until the passkey is removed, or the person is erased"
    },
    "publicKey": {
      "purpose": "to sign in with a passkey",
      "optional": false,
      "retention": "until the passkey is removed, or the person is erased"
    },
    "userHandle": {
      "purpose": "to sign in with a passkey",
      "optional": false,
      "retention": "until the passkey is removed, or the person is erased"
    },
    "transports": {
      "purpose": "to sign in with a passkey",
      "optional": false,
      "retention": "until the passkey is removed, or the person is erased"
    },
    "aaguid": {
      "purpose": "to sign in with a passkey",
      "optional": false,
      "retention": "until the passkey is removed, or the person is erased"
    },
    "label": {
      "purpose": "to tell your passkeys apart",
      "optional": true,
      "retention": "until the passkey is removed, or the person is erased"
    }
  },
  "person.preferences": {
    "language": {
      "purpose": "to write to you in your language",
      "optional": true,
      "retention": "as long as the person belongs to an account"
    },
    "timeZone": {
      "purpose": "to show times as your clock does",
      "optional": true,
      "retention": "as long as the person belongs to an account"
    }
  },
  "person.profile": {
    "email": {
      "purpose": "to sign in, and to receive the mail that the account needs",
      "optional": false,
      "retention": "as long as the person belongs to an account"
    },
    "displayName": {
      "purpose": "to be called by a name",
      "optional": true,
      "retention": "as long as the person belongs to an account"
    }
  },
  "person_event.origin": {
    "device": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    },
    "country": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    }
  },
  "session.origin": {
    "device": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    },
    "country": {
      "purpose": "to know a device of her own from a stranger’s",
      "optional": false,
      "retention": "with the session or the line of the security log that it stands in"
    }
  },
  "signup.request": {
    "email": {
      "purpose": "to send the code that confirms the signup",
      "optional": false,
      "retention": "until the signup is confirmed, or a day after it ended"
    },
    "accountName": {
      "purpose": "to name the account once it is confirmed",
      "optional": false,
      "retention": "until the signup is confirmed, or a day after it ended"
    },
    "displayName": {
      "purpose": "to be called by a name once it is confirmed",
      "optional": true,
      "retention": "until the signup is confirmed, or a day after it ended"
    },
    "language": {
      "purpose": "to write in a language that the person reads",
      "optional": true,
      "retention": "until the signup is confirmed, or a day after it ended"
    }
  },
  "totp.secret": {
    "secret": {
      "purpose": "to prove yourself with a code of your authenticator app",
      "optional": false,
      "retention": "until it is removed or replaced, or the person is erased"
    }
  }
} as const;
