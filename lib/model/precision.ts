/** Number format of the model's arithmetic. */
export type Precision = 'float32' | 'tf32' | 'bfloat16';
