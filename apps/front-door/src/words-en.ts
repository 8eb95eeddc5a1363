import type { Words } from './words.js';

export const ENGLISH: Words = {
  name: 'English',
  chooseLanguage: 'Language',
  home: {
    title: 'Domicile: choose where your account lives',
    description: 'An account platform that keeps every account in the region that its owner chose, and shows it.',
    heading: 'Choose where your account lives.',
    lead: 'Domicile keeps every account at home in one region: its people and addresses, its passwords, sessions and logs. You choose the region before you type anything about yourself, and nothing of it is kept in another.',
    regions: 'The regions, side by side',
    stays: {
      heading: 'What never leaves the region',
      points: [
        {
          lead: 'The account itself.',
          text: 'Names, e-mail addresses, passwords, passkeys, sessions, the security log, and who is in it with which role.',
        },
        {
          lead: 'What opens it.',
          text: 'What is personal is encrypted; the keys are kept in the region, apart from the data.',
        },
        { lead: 'Its mail service and its logs.', text: 'Each region mails for itself, and writes logs of its own.' },
        {
          lead: 'Even that it exists.',
          text: 'There is no directory of all accounts. Another region cannot tell whether you have one.',
        },
      ],
    },
    leaves: {
      heading: 'What still can',
      points: [
        { lead: 'Mail that has arrived.', text: 'What we send you lies wherever your own mailbox is.' },
        {
          lead: 'Synchronised passkeys.',
          text: 'The maker of your phone or browser may copy your side of a passkey to its own servers.',
        },
        {
          lead: 'Names on the network.',
          text: 'Your name server (DNS) and your network see which region’s address you open.',
        },
        {
          lead: 'Whoever runs the servers.',
          text: 'An operator with full rights over them could read what they process. A contract binds that person; no software can.',
        },
        {
          lead: 'You, and whom you invite.',
          text: 'What any of you reads, exports or passes on goes where that person is.',
        },
      ],
    },
    before: {
      heading: 'Before you choose',
      points: [
        {
          lead: 'It is for good.',
          text: 'No account is ever moved. For another region you open a new account there, and close this one.',
        },
        {
          lead: 'Each region stands alone.',
          text: 'The same e-mail address can have an account in each. They know nothing of each other.',
        },
        {
          lead: 'A promise that you can check.',
          text: 'Hosting in one region is what we promise by contract; data protection law as a rule does not demand it. Software enforces it, and each account can fetch a signed receipt of what was measured. It can say no.',
        },
      ],
    },
  },
  card: {
    place: 'Where the data is',
    law: 'Which law applies',
    owner: 'Who owns the company',
    ownerIn: (owner, country) => `${owner}, ${country}`,
    look: 'Who can look',
    lookers: (owner) =>
      `The people in your account. Operators of ${owner} with full rights over its servers could, and authorities can order it under the law above. Servers of other regions hold no key to it.`,
    choose: (region) => `Choose ${region}`,
    signIn: 'Sign in',
    signInTo: (region) => `Sign in: ${region}`,
    remember: 'Remember in this browser',
    rememberOf: (region) => `Remember in this browser: ${region}`,
  },
  remembered: {
    chosen: (region) => `You chose ${region} in this browser.`,
    mark: 'Your choice',
    forget: 'Forget it',
  },
  which: {
    link: 'Which region am I in?',
    title: 'Which region am I in? Domicile',
    heading: 'Which region am I in?',
    lead: 'We cannot look you up: there is no directory of all accounts. We do not ask for your address either, because asking for it in several regions would tell it to all of them. But you have the answer at hand.',
    mail: {
      lead: 'Our mails',
      text: 'Every mail from us names its region: as the sender, in the subject, and in the last lines.',
    },
    address: {
      lead: 'Your links',
      text: 'Look at a bookmark, or at the address bar when you are signed in: each region has an address of its own.',
    },
    id: {
      lead: 'Your ids',
      text: 'The second word of every id is the region. Put /a/ and an id behind the address of this site, and it leads you home.',
    },
    browser: 'This browser',
    browserKnows: (region) => `You told it to remember: ${region}.`,
    browserKnowsNothing: 'It remembers no region. It does so if you say so on the front page, and only then.',
    table: {
      caption: 'How each region shows',
      region: 'Region',
      sender: 'Sender of its mails',
      address: 'Address',
      id: 'Ids begin',
    },
    toRegions: 'See the regions',
  },
  messages: {
    'page.not_found': {
      title: 'There is no such page.',
      text: 'The address may have been cut off, or be out of date.',
    },
    'page.names_no_region': {
      title: 'This link names no region.',
      text: 'An id says by its letters which region it is of, and this one does not. See that it was copied as a whole.',
    },
    'page.takes_nothing': {
      title: 'Nothing was taken.',
      text: 'This page takes nothing from anybody, and what was sent to it was not read.',
    },
    'page.not_asked': {
      title: 'Nothing was changed.',
      text: 'A region is remembered or forgotten by the button of the front page alone; your browser did not say that it was pressed there.',
    },
    fault: { title: 'That did not work.', text: 'The request could not be answered. Please try again.' },
  },
  toFront: 'To the front page',
  takesNothing:
    'This site asks for nothing, counts nobody and runs no script. It keeps no list of visits. It sets one cookie, with the code of a region, and only if you say so.',
};
