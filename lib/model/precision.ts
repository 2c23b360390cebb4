/** Number format of a model's own arithmetic. */
export type Precision = 'float32' | 'tf32' | 'bfloat16';
