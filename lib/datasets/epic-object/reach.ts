/** EPIC-Kitchens draws boxes on every thirtieth frame: a box stands for the fifteen frames before and after it. */
export const REACH = 15;
