/** The parts of dynalite 4 used here; it ships no types. */
declare module 'dynalite/db/index.js' {
  const database: {
    create(options: {
      path?: string;
      createTableMs?: number;
      deleteTableMs?: number;
      updateTableMs?: number;
    }): import('./dynalite-store.ts').DynaliteStore;
  };
  export = database;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: unknown, types: unknown): unknown;
    checkValidations(
      data: unknown,
      types: unknown,
      custom: unknown,
      store: import('./dynalite-store.ts').DynaliteStore,
    ): void;
  };
  export = validations;
}

declare module 'dynalite/validations/*.js' {
  const input: { readonly types: unknown; readonly custom?: unknown };
  export = input;
}

declare module 'dynalite/actions/*.js' {
  const action: import('./dynalite-store.ts').DynaliteAction;
  export = action;
}
