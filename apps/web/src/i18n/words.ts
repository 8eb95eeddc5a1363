/** The shape of a catalogue in another language: the same keys, other words. */
export type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

/** Words for each of a closed list of kinds like `token.made`, by their two parts. */
export type KindWords<K extends string> = {
  readonly [A in K extends `${infer Area}.${string}` ? Area : never]: {
    readonly [R in K extends `${A}.${infer Reason}` ? Reason : never]: string;
  };
};
