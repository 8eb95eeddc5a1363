import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn, VersionColumn } from 'typeorm';

class Row {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
}

class VersionedRow extends Row {
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @VersionColumn()
  version!: number;
}

@Entity()
export class Account extends VersionedRow {
  @Column('text')
  name!: string;

  @Column('text', { default: 'active' })
  status!: string;

  @Column('boolean', { name: 'second_factor_required', default: false })
  secondFactorRequired!: boolean;

  @Column('boolean', { name: 'own_provider_required', default: false })
  ownProviderRequired!: boolean;

  @Column('uuid', { name: 'provider_id', nullable: true })
  providerId!: string | null;

  @Column('int', { name: 'session_idle_minutes', nullable: true })
  sessionIdleMinutes!: number | null;

  @Column('int', { name: 'session_absolute_hours', nullable: true })
  sessionAbsoluteHours!: number | null;

  @Column('timestamptz', { name: 'closing_at', nullable: true })
  closingAt!: Date | null;
}

@Entity()
export class Person extends VersionedRow {
  @Column('text')
  email!: string;

  @Column('text', { name: 'display_name', nullable: true })
  displayName!: string | null;

  @Column('text', { default: 'active' })
  status!: string;
}

@Entity({ name: 'person_address' })
export class PersonAddress {
  @PrimaryColumn('bytea')
  key!: Buffer;

  @Column('uuid', { name: 'person_id' })
  personId!: string;
}

@Entity()
export class Membership extends VersionedRow {
  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('text')
  role!: string;
}

@Entity()
export class Affiliation extends Row {
  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;
}

@Entity()
export class Credential extends VersionedRow {
  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  secret!: string;
}

@Entity()
export class Session extends VersionedRow {
  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('bytea', { name: 'secret_hash' })
  secretHash!: Buffer;

  @Column('timestamptz', { name: 'authenticated_at' })
  authenticatedAt!: Date;

  @Column('text', { default: 'password' })
  factors!: string;

  @Column('uuid', { name: 'provider_id', nullable: true })
  providerId!: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'last_seen_at', default: () => 'now()' })
  lastSeenAt!: Date;

  @Column('text', { nullable: true })
  device!: string | null;

  @Column('text', { nullable: true })
  country!: string | null;
}

/** A line of a person's security log. */
@Entity({ name: 'person_event' })
export class PersonEvent extends Row {
  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('text')
  kind!: string;

  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('text', { nullable: true })
  device!: string | null;

  @Column('text', { nullable: true })
  country!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

@Entity()
export class Signup extends VersionedRow {
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { name: 'account_name', nullable: true })
  accountName!: string | null;

  @Column('text', { name: 'display_name', nullable: true })
  displayName!: string | null;

  @Column('text', { name: 'policy_version' })
  policyVersion!: string;

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt!: Date | null;
}

@Entity()
export class Acceptance extends Row {
  @Column('text', { name: 'document_kind' })
  documentKind!: string;

  @Column('text', { name: 'document_version' })
  documentVersion!: string;

  @Column('bytea', { name: 'text_hash' })
  textHash!: Buffer;

  @Column('uuid', { name: 'person_id' })
  personId!: string;

  @Column('text')
  how!: string;

  @Column('timestamptz', { name: 'accepted_at' })
  acceptedAt!: Date;
}

@Entity({ name: 'outbox' })
export class OutboxItem extends VersionedRow {
  @Column('text')
  kind!: string;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt!: Date;
}

export const ENTITIES = [
  Account,
  Person,
  PersonAddress,
  Membership,
  Affiliation,
  Credential,
  Session,
  PersonEvent,
  Signup,
  Acceptance,
  OutboxItem,
];
