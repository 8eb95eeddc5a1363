import { FACTORS } from '@domicile/accounts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One field that was refused. */
export class FieldProblem {
  /** RFC 6901 pointer to a declared field; empty for the whole body. */
  @ApiProperty()
  pointer!: string;

  @ApiProperty()
  code!: string;

  @ApiProperty()
  message!: string;
}

/** The region that a misdirected request belongs to. */
export class HostingRegion {
  @ApiProperty()
  code!: string;

  /** Where to send the request. */
  @ApiProperty()
  origin!: string;
}

/** Every error: RFC 9457 with a code from one closed catalogue. */
export class ProblemDocument {
  @ApiProperty({ example: 'urn:domicile:error:residency.not_found' })
  type!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ type: 'integer' })
  status!: number;

  /** `area.reason`; does not change, unlike the words. */
  @ApiProperty()
  code!: string;

  @ApiProperty()
  detail!: string;

  /** The fields that were refused. */
  @ApiPropertyOptional({ type: [FieldProblem] })
  errors?: FieldProblem[];

  /** On 5xx answers: quote it when you ask for help. */
  @ApiPropertyOptional()
  requestId?: string;

  /** On 421 answers, when the request names a known region. */
  @ApiPropertyOptional()
  hostingRegion?: HostingRegion;

  /** With `recovery.factor_needed`: the factors of which one is to be proved. */
  @ApiPropertyOptional({ enum: FACTORS, isArray: true })
  factors?: string[];
}
