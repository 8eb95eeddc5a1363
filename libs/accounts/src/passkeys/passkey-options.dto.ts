import { ApiProperty } from '@nestjs/swagger';

/** A passkey that the browser is to use, or not to make again. */
export class PasskeyDescriptor {
  @ApiProperty({ enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty()
  id!: string;

  @ApiProperty({ type: [String] })
  transports!: string[];
}

class RelyingParty {
  /** Host of the region's origin: a passkey of one region is unknown to the other. */
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;
}

/** Whoever keeps the passkey may sync these words to places outside of the region, so they say nothing of the person. */
class PasskeyUser {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  displayName!: string;
}

class PasskeyAlgorithm {
  @ApiProperty({ enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty({ type: 'integer' })
  alg!: number;
}

class AuthenticatorSelection {
  @ApiProperty({ enum: ['required'] })
  residentKey!: 'required';

  @ApiProperty()
  requireResidentKey!: boolean;

  @ApiProperty({ enum: ['required'] })
  userVerification!: 'required';
}

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()` (WebAuthn level 3). */
export class PasskeyCreationOptions {
  @ApiProperty()
  challenge!: string;

  @ApiProperty()
  rp!: RelyingParty;

  @ApiProperty()
  user!: PasskeyUser;

  @ApiProperty({ type: [PasskeyAlgorithm] })
  pubKeyCredParams!: PasskeyAlgorithm[];

  /** Milliseconds. */
  @ApiProperty({ type: 'integer' })
  timeout!: number;

  @ApiProperty({ type: [PasskeyDescriptor] })
  excludeCredentials!: PasskeyDescriptor[];

  @ApiProperty()
  authenticatorSelection!: AuthenticatorSelection;

  @ApiProperty({ enum: ['none'] })
  attestation!: 'none';
}

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()` (WebAuthn level 3). */
export class PasskeyRequestOptions {
  @ApiProperty()
  challenge!: string;

  @ApiProperty()
  rpId!: string;

  /** Milliseconds. */
  @ApiProperty({ type: 'integer' })
  timeout!: number;

  /** Empty where any passkey of the region will do. */
  @ApiProperty({ type: [PasskeyDescriptor] })
  allowCredentials!: PasskeyDescriptor[];

  @ApiProperty({ enum: ['required'] })
  userVerification!: 'required';
}
