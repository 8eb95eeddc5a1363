import type { problems as english } from '../en/problems.js';
import type { Words } from '../words.js';

export const problems = {
  fallback:
    'Das ging nicht. Versuchen Sie es noch einmal, und melden Sie es dem Support Ihrer Region, wenn es so bleibt.',
  waitSeconds: 'Versuchen Sie es in {seconds, plural, one {einer Sekunde} other {# Sekunden}} noch einmal.',
  waitMinutes: 'Versuchen Sie es in {minutes, plural, one {einer Minute} other {# Minuten}} noch einmal.',
  requestId: 'Geben Sie dies an, wenn Sie um Hilfe bitten: {id}',
  account: {
    closing:
      'Dieses Konto wird geschlossen und kann nur noch gelesen werden. Nehmen Sie die Schließung zurück, um es zu ändern.',
    last_owner:
      'Ein Konto hat immer einen Inhaber. Machen Sie zuerst jemand anderen zum Inhaber, oder schließen Sie das Konto.',
    own_provider_required:
      'Dieses Konto verlangt seine eigene Anmeldung. Melden Sie sich über den Anbieter Ihrer Organisation an.',
    restricted:
      'Die Daten dieses Kontos werden auf Wunsch nur aufbewahrt. Heben Sie die Einschränkung auf, um sie zu ändern.',
    right_missing: 'Ihre Rolle in diesem Konto erlaubt das nicht. Fragen Sie einen der Inhaber.',
    second_factor_required:
      'Dieses Konto verlangt einen zweiten Faktor. Melden Sie sich mit einem Passkey an, oder ergänzen Sie Ihr Passwort um einen weiteren Faktor.',
    session_over: 'Dieses Konto lässt Sitzungen kürzer gelten, als Ihre schon dauert. Melden Sie sich neu an.',
    suspended: 'Dieses Konto ist gesperrt. Fragen Sie den Support seiner Region.',
  },
  address: {
    already_confirmed: 'Diese Adressänderung wurde schon bestätigt. Melden Sie sich mit der neuen Adresse an.',
    already_undone: 'Diese Adressänderung wurde schon zurückgenommen. Melden Sie sich mit der früheren Adresse an.',
    code_exhausted: 'Diese Adressänderung wurde nach zehn falschen Codes aufgegeben. Beginnen Sie eine neue.',
    code_wrong: 'Das ist nicht der Code aus der E-Mail. Sehen Sie dort nach und versuchen Sie es noch einmal.',
    expired: 'Die Zeit für diese Adressänderung ist abgelaufen. Beginnen Sie eine neue.',
    taken: 'Diese Adresse gehört in dieser Region schon jemandem oder ist noch reserviert. Wählen Sie eine andere.',
  },
  domain: {
    claimed:
      'Diese Domain steht schon in der Liste dieses Kontos. Veröffentlichen Sie den Eintrag und bestätigen Sie sie.',
    lookup_failed: 'Kein Nameserver hat für diese Domain rechtzeitig geantwortet. Versuchen Sie es später noch einmal.',
    record_missing:
      'Der Eintrag ist nicht da oder hat einen anderen Wert. Veröffentlichen Sie ihn wie gezeigt, warten Sie, bis er überall bekannt ist, und versuchen Sie es noch einmal.',
    taken:
      'Ein anderes Konto dieser Region hat diese Domain bestätigt. Dort muss zuerst der Eintrag oder die Domain entfernt werden.',
    too_many:
      'Dieses Konto hat zwanzig Domains, mehr werden nicht aufbewahrt. Entfernen Sie eine, die nicht benutzt wird.',
  },
  factor: {
    last: 'Es bliebe nichts übrig, womit Sie sich anmelden könnten. Fügen Sie zuerst einen weiteren Passkey hinzu.',
  },
  invitation: {
    already_member: 'Sie gehören schon zu diesem Konto.',
    code_exhausted: 'Diese Einladung wurde nach zehn falschen Codes aufgegeben. Bitten Sie um eine neue.',
    code_wrong:
      'Das ist nicht der Code aus der Einladung. Sehen Sie in der E-Mail nach und versuchen Sie es noch einmal.',
    expired: 'Diese Einladung wurde nicht innerhalb von sieben Tagen beantwortet. Bitten Sie um eine neue.',
  },
  oidc: {
    client_gone: 'Die anfragende Anwendung ist nicht mehr registriert. Sie hat nichts erhalten.',
    interaction_over:
      'Das hat zu lange gedauert oder begann in einem anderen Browser. Gehen Sie zur Anwendung zurück und beginnen Sie neu.',
  },
  passkey: {
    invalid: 'Was Ihr Gerät erzeugt hat, passt nicht oder kam zu spät. Versuchen Sie es noch einmal.',
    known: 'Dieser Passkey ist schon in Gebrauch. Erzeugen Sie einen anderen.',
    refused: 'Dieser Passkey meldet Sie hier nicht an. Versuchen Sie einen anderen oder einen anderen Weg.',
    too_many: 'Sie haben zwanzig Passkeys, mehr werden nicht aufbewahrt. Entfernen Sie einen, den Sie nicht brauchen.',
  },
  person: {
    closing: 'Ihre Daten werden bald gelöscht und können nur noch gelesen werden.',
    restricted: 'Ihre Daten werden auf Wunsch nur aufbewahrt.',
  },
  proof: {
    refused: 'Passwort, Code oder Passkey stimmt nicht oder wurde schon benutzt. Versuchen Sie es noch einmal.',
  },
  provider: {
    address_refused:
      'Der Aussteller oder etwas, das er nennt, ist keine https-Adresse des öffentlichen Internets. Bitten Sie den Betreiber dieser Region, sein Netz zuzulassen.',
    away: 'Der Anbieter hat nicht rechtzeitig so geantwortet, wie er muss. Versuchen Sie es später noch einmal, oder melden Sie sich anders an.',
    none: 'Kein Konto dieser Region hat eine eigene Anmeldung für die Domain dieser Adresse. Melden Sie sich anders an.',
    refused:
      'Die Antwort des Anbieters meldet hier niemanden an. Beginnen Sie von vorn, oder lassen Sie die Adresse, unter der der Anbieter Sie kennt, in das Konto einladen.',
    required: 'Die Regeln dieses Kontos verlangen seine eigene Anmeldung. Ändern Sie zuerst die Regeln.',
    unacceptable:
      'Unter dieser Adresse gibt es keinen OpenID-Anbieter genau dieses Namens, oder er kann nicht, was nötig ist (Authorization Code Flow mit PKCE). Prüfen Sie den Aussteller.',
  },
  recovery: {
    already_completed:
      'Diese Wiederherstellung ist schon abgeschlossen. Melden Sie sich mit dem neuen Passwort an, oder beginnen Sie eine neue.',
    code_exhausted:
      'Nach zehn falschen Codes wird keiner mehr angenommen. Benutzen Sie den Link aus der E-Mail, oder beginnen Sie neu.',
    code_wrong: 'Das ist nicht der Code aus der E-Mail. Sehen Sie dort nach und versuchen Sie es noch einmal.',
    expired: 'Diese Wiederherstellung wurde nicht innerhalb von zehn Minuten abgeschlossen. Beginnen Sie eine neue.',
    factor_needed:
      'Ihr Postfach allein öffnet nicht, was ein zweiter Faktor schützt. Weisen Sie auch einen Ihrer Faktoren nach.',
    factor_wrong: 'Der zweite Faktor stimmt nicht. Prüfen Sie ihn und versuchen Sie es noch einmal.',
  },
  request: {
    body_too_large: 'Das war zu viel auf einmal. Senden Sie weniger.',
    credential_ambiguous: 'Sie sind auf zwei Weisen zugleich angemeldet. Laden Sie die Seite neu.',
    cross_site: 'Diese Änderung kam nicht von einer Seite dieser Region. Laden Sie die Seite neu.',
    idempotency_key_malformed: 'Die Seite hat einen Fehler gemacht. Laden Sie sie neu.',
    idempotency_key_reused: 'Das wurde schon einmal mit anderem Inhalt gesendet. Laden Sie die Seite neu.',
    in_progress: 'Daran wird schon gearbeitet. Warten Sie einen Moment und versuchen Sie es noch einmal.',
    invalid: 'Etwas von Ihrer Eingabe wurde abgelehnt. Berichtigen Sie, was markiert ist.',
    malformed: 'Etwas von Ihrer Eingabe lässt sich nicht senden. Berichtigen Sie es und versuchen Sie es noch einmal.',
    not_found: 'So etwas gibt es nicht.',
    precondition_failed:
      'Das wurde inzwischen anderswo geändert, vielleicht in einem anderen Tab. Sie sehen den jetzigen Stand; wiederholen Sie Ihre Änderung.',
    precondition_malformed: 'Die Seite hat einen Fehler gemacht. Laden Sie sie neu.',
    precondition_required: 'Die Seite hat einen Fehler gemacht. Laden Sie sie neu.',
    query_refused: 'Die Seite hat einen Fehler gemacht. Laden Sie sie neu.',
    rate_limited: 'Das war zu oft.',
    timeout: 'Die Verbindung war zu langsam. Versuchen Sie es noch einmal.',
    unsupported_media_type: 'Die Seite hat einen Fehler gemacht. Laden Sie sie neu.',
  },
  residency: {
    conflict: 'Etwas anderes hat das zuerst geändert. Sehen Sie nach und wiederholen Sie es.',
    misdirected: 'Das gehört in eine andere Region, und diese weiß nichts davon.',
    not_found: 'So etwas gibt es in dieser Region für Sie nicht.',
    region_unknown: 'Diese Region gibt es nicht.',
    secret_invalid: 'Sie sind nicht mehr angemeldet. Melden Sie sich neu an.',
    stale:
      'Das wurde inzwischen anderswo geändert, vielleicht in einem anderen Tab. Sie sehen den jetzigen Stand; wiederholen Sie Ihre Änderung.',
    unavailable: 'Die Datenbank dieser Region hat nicht rechtzeitig geantwortet. Nichts wurde halb gespeichert.',
  },
  server: {
    fault: 'Der Server ist gescheitert. Nichts wurde halb gespeichert.',
    unavailable: 'Der Server kann gerade nicht antworten.',
  },
  session: {
    device_needed:
      'Zu viele Anmeldungen mit dieser Adresse sind hintereinander gescheitert. Melden Sie sich auf einem Gerät an, das Sie schon benutzt haben, oder stellen Sie Ihr Passwort wieder her.',
    own_factor_required:
      'Ihre Anmeldung kam vom Anbieter eines Kontos und gilt nur für dieses. Weisen Sie sich mit einem eigenen Passwort, Passkey oder einer eigenen App aus.',
    not_fresh: 'Dafür müssen Sie noch einmal nachweisen, wer Sie sind.',
    refused: 'Adresse oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.',
  },
  signin: {
    over: 'Diese Anmeldung hatte ihre zehn Minuten oder ihre fünf Versuche. Beginnen Sie neu.',
    step_refused: 'Das stimmt nicht oder wurde schon benutzt. Versuchen Sie es noch einmal, höchstens fünfmal.',
  },
  signup: {
    address_taken: 'Diese Adresse hat in dieser Region schon ein Konto. Melden Sie sich stattdessen an.',
    already_confirmed: 'Das wurde schon bestätigt. Melden Sie sich stattdessen an.',
    code_exhausted: 'Diese Registrierung wurde nach zehn falschen Codes aufgegeben. Beginnen Sie neu.',
    code_expired: 'Der Code wurde nicht innerhalb von zehn Minuten benutzt. Lassen Sie sich einen neuen schicken.',
    code_wrong: 'Das ist nicht der Code aus der E-Mail. Sehen Sie dort nach und versuchen Sie es noch einmal.',
    expired: 'Diese Registrierung wurde nicht rechtzeitig bestätigt. Beginnen Sie neu.',
    policy_outdated:
      'Die Datenschutzerklärung hat sich inzwischen geändert. Lesen Sie sie und stimmen Sie noch einmal zu.',
  },
  token: {
    scope_missing: 'Dieses Token ist für anderes gemacht.',
    too_many: 'Es gibt schon hundert API-Tokens. Widerrufen Sie eines, das Sie nicht benutzen.',
  },
  totp: {
    code_wrong:
      'Das ist nicht der Code, den die App gerade zeigt. Prüfen Sie die Uhr ihres Geräts und versuchen Sie es noch einmal.',
    present: 'Sie haben schon eine Authenticator-App. Entfernen Sie sie, bevor Sie eine andere hinzufügen.',
  },
  vault: {
    key_destroyed: 'Das wurde endgültig gelöscht. Niemand kann es je wieder lesen.',
    key_missing: 'Der Schlüssel dieser Daten ist gerade nicht zu haben. Nichts wurde geändert.',
    value_refused:
      'Ein gespeicherter Wert ist beschädigt, daher wurde nichts davon geöffnet. Melden Sie es dem Support Ihrer Region.',
  },
  client: {
    unreachable: 'Der Server ist nicht zu erreichen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    passkey_cancelled:
      'Es wurde kein Passkey benutzt: Das wurde abgebrochen, dauerte zu lange, oder auf diesem Gerät ist keiner, der passt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',
    cookies_refused:
      'Ihr Browser hat das Cookie Ihrer Sitzung nicht behalten. Melden Sie sich noch einmal an; diese Seite kommt dann ohne aus.',
    unintelligible: 'Der Server hat etwas geantwortet, das diese Seite nicht versteht. Laden Sie die Seite neu.',
  },
  field: {
    is_email_address: 'Geben Sie eine Adresse wie name@example.org ein.',
    is_password: 'Ein Passwort hat 15 bis 1024 Zeichen.',
    is_plain_text: 'Geben Sie eine Zeile mit 1 bis 200 Zeichen ein.',
    holds_no_card_number:
      'Das sieht nach der Nummer einer Zahlungskarte aus. Lassen Sie sie weg, sie wird nie angenommen.',
    is_postal_address: 'Geben Sie 1 bis 6 Zeilen mit je höchstens 200 Zeichen ein.',
    is_time_zone: 'Wählen Sie eine Zeitzone aus der Liste.',
    is_country: 'Wählen Sie ein Land aus der Liste.',
    matches: 'Das hat nicht die verlangte Form.',
    is_in: 'Wählen Sie eines der angebotenen.',
    is_tax_id: 'So werden Steuernummern dieses Landes nicht geschrieben.',
    is_person: 'Wählen Sie eine andere Person.',
    is_known_password: 'Dieses Passwort ist aus Datenlecks bekannt. Wählen Sie ein anderes.',
    fallback: 'Das wurde abgelehnt. Berichtigen Sie es.',
  },
} satisfies Words<typeof english>;
