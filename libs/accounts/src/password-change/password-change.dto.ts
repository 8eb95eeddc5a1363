import { ApiProperty } from '@nestjs/swagger';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../password.js';
import { IsPassword } from '../text-rules.js';

/** Another password. */
export class ChangePassword {
  /** A password of your own, as at the signup. */
  @ApiProperty({
    minLength: PASSWORD_LENGTH_MIN,
    maxLength: PASSWORD_LENGTH_MAX,
    format: 'password',
    example: 'correct horse battery staple',
  })
  @IsPassword()
  password!: string;
}
