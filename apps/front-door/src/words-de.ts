import type { Words } from './words.js';

export const GERMAN: Words = {
  name: 'Deutsch',
  chooseLanguage: 'Sprache',
  home: {
    title: 'Domicile: Sie wählen, wo Ihr Konto zu Hause ist',
    description: 'Eine Kontoplattform, die jedes Konto in der Region hält, die sein Inhaber gewählt hat, und es zeigt.',
    heading: 'Wählen Sie, wo Ihr Konto zu Hause ist.',
    lead: 'Domicile hält jedes Konto in einer einzigen Region: Menschen und Adressen, Passwörter, Sitzungen und Protokolle. Sie wählen die Region, bevor Sie etwas über sich eingeben, und nichts davon liegt in einer anderen.',
    regions: 'Die Regionen im Vergleich',
    stays: {
      heading: 'Was die Region nie verlässt',
      points: [
        {
          lead: 'Das Konto selbst.',
          text: 'Namen, E-Mail-Adressen, Passwörter, Passkeys, Sitzungen, das Sicherheitsprotokoll und wer mit welcher Rolle dabei ist.',
        },
        {
          lead: 'Was es öffnet.',
          text: 'Persönliches ist verschlüsselt; die Schlüssel liegen in der Region, getrennt von den Daten.',
        },
        {
          lead: 'Postversand und Protokolle.',
          text: 'Jede Region verschickt ihre Mails selbst und führt eigene Protokolle.',
        },
        {
          lead: 'Sogar, dass es existiert.',
          text: 'Es gibt kein Verzeichnis aller Konten. Eine andere Region weiß nicht, ob Sie eines haben.',
        },
      ],
    },
    leaves: {
      heading: 'Was sie noch verlassen kann',
      points: [
        { lead: 'Zugestellte Mails.', text: 'Was wir Ihnen schicken, liegt dort, wo Ihr eigenes Postfach ist.' },
        {
          lead: 'Synchronisierte Passkeys.',
          text: 'Der Hersteller Ihres Telefons oder Browsers kann Ihre Seite eines Passkeys auf seine Server kopieren.',
        },
        {
          lead: 'Namen im Netz.',
          text: 'Ihr Namensserver (DNS) und Ihr Netz sehen, die Adresse welcher Region Sie öffnen.',
        },
        {
          lead: 'Wer die Server betreibt.',
          text: 'Wer alle Rechte über sie hat, könnte lesen, was sie verarbeiten. Ihn bindet ein Vertrag; Software kann das nicht.',
        },
        {
          lead: 'Sie, und wen Sie einladen.',
          text: 'Was jemand von Ihnen liest, ausführt oder weitergibt, geht dorthin, wo dieser Mensch ist.',
        },
      ],
    },
    before: {
      heading: 'Bevor Sie wählen',
      points: [
        {
          lead: 'Die Wahl gilt für immer.',
          text: 'Kein Konto wird je verlegt. Für eine andere Region eröffnen Sie dort ein neues und schließen dieses.',
        },
        {
          lead: 'Jede Region steht für sich.',
          text: 'Dieselbe E-Mail-Adresse kann in jeder ein Konto haben. Sie wissen nichts voneinander.',
        },
        {
          lead: 'Ein Versprechen, das Sie prüfen können.',
          text: 'Die Speicherung in einer Region versprechen wir vertraglich; das Datenschutzrecht verlangt sie in der Regel nicht. Software setzt sie durch, und jedes Konto kann einen signierten Beleg über das Gemessene abrufen. Er kann auch Nein sagen.',
        },
      ],
    },
  },
  card: {
    place: 'Wo die Daten liegen',
    law: 'Welches Recht gilt',
    owner: 'Wem das Unternehmen gehört',
    ownerIn: (owner, country) => `${owner}, ${country}`,
    look: 'Wer hineinsehen kann',
    lookers: (owner) =>
      `Die Menschen in Ihrem Konto. Wer bei ${owner} alle Rechte über die Server hat, könnte es, und Behörden können es nach dem genannten Recht anordnen. Server anderer Regionen haben keinen Schlüssel dazu.`,
    choose: (region) => `${region} wählen`,
    signIn: 'Anmelden',
    signInTo: (region) => `Anmelden: ${region}`,
    remember: 'In diesem Browser merken',
    rememberOf: (region) => `In diesem Browser merken: ${region}`,
  },
  remembered: {
    chosen: (region) => `In diesem Browser haben Sie ${region} gewählt.`,
    mark: 'Ihre Wahl',
    forget: 'Vergessen',
  },
  which: {
    link: 'In welcher Region bin ich?',
    title: 'In welcher Region bin ich? Domicile',
    heading: 'In welcher Region bin ich?',
    lead: 'Wir können Sie nicht nachschlagen: Es gibt kein Verzeichnis aller Konten. Wir fragen auch nicht nach Ihrer Adresse, denn wer in mehreren Regionen danach fragt, verrät sie allen. Aber Sie haben die Antwort selbst.',
    mail: {
      lead: 'Unsere Mails',
      text: 'Jede Mail von uns nennt ihre Region: als Absender, im Betreff und in den letzten Zeilen.',
    },
    address: {
      lead: 'Ihre Links',
      text: 'Sehen Sie in ein Lesezeichen oder, wenn Sie angemeldet sind, in die Adresszeile: Jede Region hat ihre eigene Adresse.',
    },
    id: {
      lead: 'Ihre Kennungen',
      text: 'Das zweite Wort jeder Kennung ist die Region. Setzen Sie /a/ und eine Kennung hinter die Adresse dieser Seite, und sie führt Sie nach Hause.',
    },
    browser: 'Dieser Browser',
    browserKnows: (region) => `Er soll sich merken: ${region}.`,
    browserKnowsNothing: 'Er merkt sich keine Region. Er tut es, wenn Sie es auf der Startseite sagen, und nur dann.',
    table: {
      caption: 'Woran man jede Region erkennt',
      region: 'Region',
      sender: 'Absender ihrer Mails',
      address: 'Adresse',
      id: 'Kennungen beginnen mit',
    },
    toRegions: 'Zu den Regionen',
  },
  messages: {
    'page.not_found': {
      title: 'Diese Seite gibt es nicht.',
      text: 'Vielleicht ist die Adresse abgeschnitten oder nicht mehr aktuell.',
    },
    'page.names_no_region': {
      title: 'Dieser Link nennt keine Region.',
      text: 'Eine Kennung sagt mit ihren Buchstaben, zu welcher Region sie gehört, und diese tut es nicht. Wurde sie vollständig kopiert?',
    },
    'page.takes_nothing': {
      title: 'Es wurde nichts angenommen.',
      text: 'Diese Seite nimmt von niemandem etwas an. Was ihr geschickt wurde, wurde nicht gelesen.',
    },
    'page.not_asked': {
      title: 'Es wurde nichts geändert.',
      text: 'Eine Region wird nur mit dem Knopf der Startseite gemerkt oder vergessen; Ihr Browser hat nicht gesagt, dass er dort gedrückt wurde.',
    },
    fault: {
      title: 'Das hat nicht geklappt.',
      text: 'Die Anfrage konnte nicht beantwortet werden. Bitte noch einmal.',
    },
  },
  toFront: 'Zur Startseite',
  takesNothing:
    'Diese Seite fragt nach nichts, zählt niemanden und führt kein Skript aus. Sie führt keine Liste der Besuche. Sie setzt ein einziges Cookie mit dem Kürzel einer Region, und nur, wenn Sie es sagen.',
};
