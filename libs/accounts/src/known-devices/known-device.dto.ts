import { ApiProperty } from '@nestjs/swagger';

/** A device made known by a sign-in. */
export class KnownDeviceView {
  /** The secret: send it as `Device-Token` with every sign-in from this device, unless a browser keeps it as a cookie. It is shown this once, and opens nothing by itself. */
  @ApiProperty()
  token!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: Date;
}
