/** What belongs to an account, and the frame of everything behind the sign-in. */
export const account = {
  nav: {
    label: 'Main menu',
    open: 'Open the menu',
    close: 'Close the menu',
    overview: 'Overview',
    people: 'People',
    billing: 'Billing',
    tokens: 'API tokens',
    settings: 'Account settings',
    log: 'Account log',
    residency: 'Where your data is',
    you: 'You',
    profile: 'Profile',
    security: 'Security',
    sessions: 'Sessions',
    preferences: 'Preferences',
    yourLog: 'Your security log',
    switch: 'Another account',
  },
} as const;
