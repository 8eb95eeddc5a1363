import { Controller, Get, Inject, Injectable, Module, Post } from '@nestjs/common';
import {
  AccountRow,
  Ctx,
  Door,
  IdCodec,
  IdParam,
  Personal,
  ResidencyModule,
  Resident,
  ResidentRow,
} from '@domicile/residency';
import type { AccountId, RegionContext, ResidencyOptions, Table } from '@domicile/residency';
import { Column } from 'typeorm';

@Resident({ table: 'account', prefix: 'acct' })
export class Account extends AccountRow {}

@Resident({ table: 'note', prefix: 'note' })
export class Note extends ResidentRow<'note'> {
  @Personal({
    subject: 'account',
    category: 'content',
    purpose: 'your note',
    legalBasis: 'contract',
    retention: 'until you erase it',
    optional: false,
    export: true,
    erase: 'key',
    mask: 'hidden',
  })
  @Column('text')
  text!: string;
}

@Injectable()
export class Notes {
  readonly #notes: Table<Note>;
  constructor(
    @Inject(Door) door: Door,
    @Inject(IdCodec) private readonly ids: IdCodec,
  ) {
    this.#notes = door.table(Note);
  }
  list = (ctx: RegionContext, account: AccountId) => this.#notes.list(ctx.account(account), {});
  add = (ctx: RegionContext, account: AccountId, text: string) =>
    this.#notes.insert(ctx.account(account), { id: this.ids.mint('note', ctx.region), text });
}

@Controller('accounts/:id/notes')
export class NotesController {
  constructor(@Inject(Notes) private readonly notes: Notes) {}
  @Get() list(@Ctx() ctx: RegionContext, @IdParam('acct') account: AccountId) {
    return this.notes.list(ctx, account);
  }
  @Post() add(@Ctx() ctx: RegionContext, @IdParam('acct') account: AccountId) {
    return this.notes.add(ctx, account, 'stays home');
  }
}

export const appOf = (options: ResidencyOptions) => {
  @Module({ imports: [ResidencyModule.forRoot(options)], controllers: [NotesController], providers: [Notes] })
  class App {}
  return App;
};
