import { ApiProperty } from '@nestjs/swagger';
import { ListPage } from '@domicile/accounts';
import { OidcInteractionClient } from './interaction.dto.js';

/** An application that you have agreed to, and that can still act on it. */
export class ApplicationView {
  /** Of what you agreed to with it. */
  @ApiProperty()
  id!: string;

  @ApiProperty()
  client!: OidcInteractionClient;

  /** What you agreed to, words of OpenID Connect. */
  @ApiProperty({ type: [String], example: ['openid', 'email'] })
  scopes!: string[];

  /** The last time. */
  @ApiProperty({ type: String, format: 'date-time' })
  agreedAt!: Date;

  /** When it last took a token, exact to five minutes; null when it never did. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: Date | null;
}

/** Some of your applications, in no order that means something. */
export class ApplicationPage extends ListPage {
  @ApiProperty({ type: [ApplicationView] })
  applications!: ApplicationView[];
}
