/**
 * R1: the same work as people write it with Nest, Fastify and TypeORM: controllers, a guard, a validation pipe, repositories with
 * `findOneBy` and `save`. It leaves out what R0 does, and the state of the person.
 */
import 'reflect-metadata';
import { timingSafeEqual } from 'node:crypto';
import {
  Body,
  type CanActivate,
  ConflictException,
  ForbiddenException,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  HttpCode,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  Res,
  UnauthorizedException,
  UnprocessableEntityException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsEmail, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import * as rows from './r1.entities.js';
import * as work from './work.js';

const { url, hashes } = work.referenceSettings();
const hashOf = work.passwordHash(hashes);

class AskForSignup {
  @IsEmail()
  email!: string;

  @IsString()
  @Length(1, 200)
  accountName!: string;

  @IsOptional()
  @IsString()
  displayName?: string;

  @IsString()
  @MaxLength(40)
  acceptedPolicyVersion!: string;
}

class ConfirmSignup {
  @Matches(/^[0-9]{8}$/)
  code!: string;

  @IsString()
  @Length(15, 1024)
  password!: string;
}

type Authenticated = FastifyRequest & { session: rows.Session };

@Injectable()
class SessionGuard implements CanActivate {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Authenticated>();
    const shown = work.presented(request.headers.authorization);
    if (!shown) throw new UnauthorizedException();
    if (!work.takeRead(shown.sessionId)) throw new HttpException('Too Many Requests', 429);
    const sessions = this.source.getRepository(rows.Session);
    const session = await sessions.findOneBy({ id: shown.sessionId });
    if (!session || !work.proves(shown.hash, session)) throw new UnauthorizedException();
    // No request waits for it.
    if (session.lastSeenAt.getTime() < Date.now() - work.SEEN_MILLISECONDS)
      sessions.update(session.id, { lastSeenAt: new Date() }).catch(() => undefined);
    request.session = session;
    return true;
  }
}

@Injectable()
class Accounts {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  async get(id: string, session: rows.Session) {
    const { personId } = session;
    const membership = await this.source.getRepository(rows.Membership).findOneBy({ accountId: id, personId });
    if (!membership) throw new NotFoundException();
    const account = await this.source.getRepository(rows.Account).findOneBy({ id });
    if (!account) throw new NotFoundException();
    const { role } = membership;
    const { providerId: accountProviderId, name, status, createdAt, closingAt, version } = account;
    if (!work.mayEnter({ ...account, ...session, status, role, accountProviderId })) throw new ForbiddenException();
    const view = { id, name, status, role, permissions: work.PERMISSIONS[role], createdAt };
    return { version, view: closingAt === null ? view : { ...view, closingAt } };
  }
}

@Injectable()
class Signups {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  async start({ email, accountName, displayName, acceptedPolicyVersion: policyVersion }: AskForSignup) {
    const expiresAt = new Date(Date.now() + work.SIGNUP_TTL_MILLISECONDS);
    const signup = await this.source.transaction(async (manager) => {
      const fields = { email, accountName, displayName: displayName ?? null, policyVersion, expiresAt };
      const saved = await manager.save(manager.create(rows.Signup, fields));
      await manager.save(manager.create(rows.OutboxItem, { kind: 'signup.code', subjectId: saved.id }));
      return saved;
    });
    return { signup: { id: signup.id, expiresAt }, code: work.codeOf(signup.id) };
  }

  async confirm(id: string, { code, password }: ConfirmSignup) {
    await this.source.query(work.COUNT.text, work.windowsOf('network 127.0.0.1', 'region'));
    if (!timingSafeEqual(Buffer.from(code), Buffer.from(work.codeOf(id)))) throw new UnprocessableEntityException();
    const open = await this.source.getRepository(rows.Signup).findOneBy({ id });
    if (!open || open.confirmedAt !== null || open.expiresAt <= new Date()) throw new ConflictException();
    const secret = await hashOf(password);
    return this.source.transaction((manager) => this.#make(manager, id, secret));
  }

  async #make(manager: EntityManager, id: string, secret: string) {
    const signup = await manager.findOne(rows.Signup, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!signup || signup.confirmedAt !== null) throw new ConflictException();
    const { email, accountName, displayName } = signup as {
      email: string;
      accountName: string;
      displayName: string | null;
    };
    const person = await manager.save(manager.create(rows.Person, { email, displayName }));
    const personId = person.id;
    await manager.insert(rows.PersonAddress, { key: work.addressKey(email), personId });
    await manager.save(manager.create(rows.Credential, { personId, kind: 'password', secret }));
    const { kind: documentKind, version: documentVersion, hash: textHash } = work.POLICY;
    const accepted = { documentKind, documentVersion, textHash, personId, how: 'signup', acceptedAt: signup.createdAt };
    await manager.save(manager.create(rows.Acceptance, accepted));
    const account = await manager.save(manager.create(rows.Account, { name: accountName }));
    await manager.save(manager.create(rows.Membership, { accountId: account.id, personId, role: 'owner' }));
    await manager.save(manager.create(rows.Affiliation, { personId, accountId: account.id }));
    const sessionId = work.newId();
    const { token, secretHash } = work.newToken(sessionId);
    const now = new Date();
    const expiresAt = new Date(now.getTime() + work.SESSION_TTL_MILLISECONDS);
    await manager.insert(rows.Session, { id: sessionId, personId, secretHash, authenticatedAt: now, expiresAt });
    await manager.save(manager.create(rows.PersonEvent, { personId, kind: 'session.began', sessionId }));
    Object.assign(signup, { confirmedAt: now, email: null, accountName: null, displayName: null });
    await manager.save(signup);
    return {
      account: { id: account.id, name: accountName },
      person: { id: personId, email, displayName },
      session: { id: sessionId, token, expiresAt },
    };
  }
}

@Controller('v1')
class AccountsController {
  constructor(@Inject(Accounts) private readonly accounts: Accounts) {}

  @Get('accounts/:id')
  @UseGuards(SessionGuard)
  async get(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() { session }: Authenticated,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { version, view } = await this.accounts.get(id, session);
    void reply.header('etag', `"v${version}"`);
    return view;
  }
}

@Controller('v1/signups')
class SignupsController {
  constructor(@Inject(Signups) private readonly signups: Signups) {}

  @Post()
  @HttpCode(202)
  start(@Body() body: AskForSignup) {
    return this.signups.start(body);
  }

  @Post(':id/confirmations')
  confirm(@Param('id', ParseUUIDPipe) id: string, @Body() body: ConfirmSignup) {
    return this.signups.confirm(id, body);
  }
}

@Module({
  controllers: [AccountsController, SignupsController],
  providers: [
    Accounts,
    Signups,
    SessionGuard,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url,
          entities: rows.ENTITIES,
          poolSize: work.POOL_SIZE,
          uuidExtension: 'pgcrypto',
          installExtensions: false,
        }).initialize(),
    },
  ],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
app
  .getHttpAdapter()
  .getInstance()
  .addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of work.HEADERS) if (!reply.hasHeader(name)) void reply.header(name, value);
    done(null, payload);
  });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
await app.listen(0, '127.0.0.1');
work.announce((app.getHttpServer().address() as { port: number }).port);
