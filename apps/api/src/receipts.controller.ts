import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { ReceiptEnvelope, ReceiptKeyHistory, Receipts, ResidencyReceipt } from '@domicile/receipts';
import { ReadLimit } from '@domicile/requests';
import { type AccountId, Ctx, IdParam, type RegionContext } from '@domicile/residency';
import { ID_PREFIXES } from '@domicile/runtime';
import { ApiId, ENTERING, NeedsSession, OrToken, RegionalAnswers } from './openapi/answers.js';

const ENVELOPE_TYPE = 'application/vnd.dsse+json';

@ApiTags('Receipts')
@Controller()
export class ReceiptsController {
  constructor(
    @Inject(Receipts) private readonly receipts: Receipts,
    @Inject(ReadLimit) private readonly reads: ReadLimit,
  ) {}

  /** Where the data of your account is: measured now, signed, and able to say no. */
  @Get('v1/accounts/:id/residency')
  @ApiId(ID_PREFIXES.account)
  @NeedsSession()
  @OrToken('receipt.read')
  @Header('content-type', ENVELOPE_TYPE)
  @ApiExtraModels(ReceiptEnvelope, ResidencyReceipt)
  @ApiOkResponse({
    description:
      'A DSSE envelope; its payload is a ResidencyReceipt. Keep the answer as it is and verify it offline against the keys that the public region file pins.',
    content: { [ENVELOPE_TYPE]: { schema: { $ref: getSchemaPath(ReceiptEnvelope) } } },
  })
  @RegionalAnswers('token.scope_missing', ...ENTERING)
  async getResidencyReceipt(@Ctx() ctx: RegionContext, @IdParam(ID_PREFIXES.account) id: AccountId): Promise<string> {
    this.reads.take(ctx);
    return JSON.stringify(await this.receipts.issue(ctx, id));
  }

  /** The public keys that receipts of this origin's region are, and were, signed with. */
  @Get('.well-known/domicile/keys')
  @Header('cache-control', 'public, max-age=300')
  @ApiOkResponse({ type: ReceiptKeyHistory })
  @RegionalAnswers()
  getReceiptKeys(@Ctx() ctx: RegionContext): ReceiptKeyHistory {
    return this.receipts.history(ctx);
  }
}
