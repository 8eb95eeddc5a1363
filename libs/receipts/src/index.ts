/** Receipts (floor 4): what shows a customer where the account's data is, measured, signed, and able to say no. */
export { AccountRows, type CountedRows, type Tie } from './account-rows.js';
export { type Envelope, preAuthenticationEncoding, sealEnvelope, signBytes } from './dsse.js';
export { type Inspection, Inspector } from './inspector.js';
export {
  ensureReceiptKeys,
  receiptKeyHistory,
  receiptSigner,
  rotateReceiptKey,
  type ReceiptSigner,
} from './receipt-key-files.js';
export { pinReceiptKeys, ReceiptKeys, type ReceiptKeysFolder } from './receipt-keys.js';
export { ReceiptEnvelope, ReceiptKeyHistory, ReceiptKeyView, ResidencyReceipt } from './receipt.dto.js';
export { Receipts, type ReceiptsParts } from './receipts.js';
export { ReceiptsModule, type ReceiptsOptions } from './receipts.module.js';
export { type Issuing, type Measures, RECEIPT_TYPE, residencyReceipt } from './residency-receipt.js';
