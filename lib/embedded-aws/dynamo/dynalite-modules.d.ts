/** The parts of dynalite 4 used here; it ships no types. */
declare module 'dynalite/db/index.js' {
  const database: import('./dynalite-store.ts').DynaliteDatabase;
  export = database;
}

declare module 'dynalite/validations/index.js' {
  const validations: import('./dynalite-store.ts').DynaliteValidations;
  export = validations;
}

declare module 'dynalite/validations/*.js' {
  const input: import('./dynalite-store.ts').DynaliteInput;
  export = input;
}

declare module 'dynalite/actions/*.js' {
  const action: import('./dynalite-store.ts').DynaliteAction;
  export = action;
}
